import { JsonService, type Operation } from "./json-service";

/** A service of AWS of which a test needs some answers and no life of its own. */
export class JsonAnswers extends JsonService {
    /** @param model exports of the SDK's client */
    static async start(model: object, operations: Readonly<Record<string, Operation>>): Promise<JsonAnswers> {
        const service = new JsonAnswers(model, () => operations);
        await service.listen();
        return service;
    }
}
