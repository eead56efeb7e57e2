import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { renderSettingsDocs } from "./settings-docs";

writeFileSync(join(import.meta.dirname, "../docs/settings.md"), renderSettingsDocs());
