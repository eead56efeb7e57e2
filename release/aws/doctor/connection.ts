import { type CodeStarConnectionsClient, GetConnectionCommand } from "@aws-sdk/client-codestar-connections";
import { type Diagnosis, fail, ok } from "../../doctor";

/** Whether the connection to the source's host may be used: a person has to confirm it once. */
export async function checkConnection(connections: CodeStarConnectionsClient, arn: string, abortSignal: AbortSignal): Promise<Diagnosis> {
    const { Connection: { ConnectionName = arn, ConnectionStatus = "unknown", ProviderType = "" } = {} } = await connections.send(
        new GetConnectionCommand({ ConnectionArn: arn }), { abortSignal },
    );
    if (ConnectionStatus === "AVAILABLE") return ok(`${ConnectionName} to ${ProviderType}`);
    return fail(`the connection ${ConnectionName} is ${ConnectionStatus}`, "confirm it in the console: Developer Tools, Settings, Connections, Update pending connection");
}
