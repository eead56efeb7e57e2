import { addressVariable, startMoto } from "./moto";

/** Of a whole mocha run, whose parallel workers share the server. It ends with the process. */
export async function mochaGlobalSetup(): Promise<void> {
    process.env[addressVariable] = await startMoto();
}
