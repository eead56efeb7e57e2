import { readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

const root = join(import.meta.dirname, "../..");

/** IAM's names of services whose client is called otherwise. */
const prefixes: Readonly<Record<string, string>> = {
    "auto-scaling": "autoscaling", "cloudwatch-logs": "logs", "elastic-load-balancing-v2": "elasticloadbalancing", "codestar-connections": "codeconnections",
    "resource-groups-tagging-api": "tag",
};

/** IAM's names of calls that are allowed by another one's. */
const actions: Readonly<Record<string, string>> = { "s3:HeadObject": "s3:GetObject", "s3:ListObjectsV2": "s3:ListBucket" };

/**
 * Calls of AWS, as IAM names them, that stand in a source or in whatever it imports, sorted.
 * @param source path in the repository
 * @param without folders in it that are not followed
 */
export function awsCalls(source: string, without: readonly string[] = []): readonly string[] {
    const seen = new Set<string>();
    const visit = (file: string): readonly string[] => {
        if (seen.has(file) || without.some(folder => file.startsWith(join(root, folder)))) return [];
        seen.add(file);
        const text = readFileSync(file, "utf8");
        return [...callsIn(text), ...importsOf(text).flatMap(path => visit(pathOf(join(dirname(file), path))))];
    };
    return [...new Set(visit(join(root, source)))].sort();
}

function callsIn(text: string): readonly string[] {
    return [...text.matchAll(/import \{([^}]*)\} from "@aws-sdk\/client-([\w-]+)"/g)].flatMap(([, names = "", client = ""]) =>
        names.split(",").flatMap(name => {
            const call = /^(?:(\w+)Command|paginate(\w+))$/.exec(name.trim());
            const action = `${prefixes[client] ?? client}:${call?.[1] ?? call?.[2]}`;
            return call ? [actions[action] ?? action] : [];
        }));
}

/** Types call nothing. */
function importsOf(text: string): readonly string[] {
    return [...text.matchAll(/(?:import|export) (?!type )[^;]*? from "(\.[^"]+)"|import\("(\.[^"]+)"\)/g)].flatMap(([, fixed, later]) => fixed ?? later ?? []);
}

function pathOf(path: string): string {
    const file = `${path}.ts`;
    return statSync(file, { throwIfNoEntry: false })?.isFile() ? file : join(path, "index.ts");
}
