import { z } from "zod";
import { reportSchema } from "./report-schema";

/** The JSON schema of report.json (draft 2020-12), as it is published in docs/report.schema.json. */
export function reportJsonSchema(): object {
    const { $schema, ...schema } = z.toJSONSchema(reportSchema, { target: "draft-2020-12" });
    return { $schema, title: "report.json of a Gapless rehearsal", ...schema };
}

export function renderReportJsonSchema(): string {
    return `${JSON.stringify(reportJsonSchema(), undefined, 2)}\n`;
}
