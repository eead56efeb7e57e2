import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { renderReportJsonSchema } from "./json-schema";

writeFileSync(join(import.meta.dirname, "../../docs/report.schema.json"), renderReportJsonSchema());
