import { z } from "zod";
import { reportSchema, reportVersion } from "./report-schema";

/** The JSON schema of report.json (draft 2020-12), as it is published in docs/report.schema.json: further members may come. */
function reportJsonSchema(): object {
    const { $schema, ...schema } = z.toJSONSchema(reportSchema, {
        target: "draft-2020-12",
        override: ({ jsonSchema }) => {
            if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
            // Zod's notion of an integer, and nobody's limit.
            if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
            if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
        },
    });
    return { $schema, $id: `urn:gapless:report:${reportVersion}`, title: "report.json of a Gapless rehearsal", ...schema };
}

export function renderReportJsonSchema(): string {
    return `${JSON.stringify(reportJsonSchema(), undefined, 2)}\n`;
}
