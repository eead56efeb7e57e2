import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { renderFaultsDocs } from "./faults-docs";

writeFileSync(join(import.meta.dirname, "../../docs/faults.md"), renderFaultsDocs());
