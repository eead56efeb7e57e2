import { existsSync } from "node:fs";
import { installMoto, motoFolder } from "./moto-installation";

// Ahead of the tests, while lint and types are checked; they would do it themselves.
if (!existsSync(await motoFolder())) {
    await installMoto(line => process.stdout.write(`${line}\n`), new AbortController().signal);
}
