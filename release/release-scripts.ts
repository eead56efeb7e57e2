import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { ReleaseError } from "./error";

/** A file of a release. */
export interface ReleaseFile {
    /** Relative to the release, with `/`. */
    readonly path: string;
    /** 0600 for what only the agent, root, may read. */
    readonly mode: 0o600 | 0o644 | 0o755;
    readonly content: Uint8Array;
}

const required = ["appspec.yml", "docker-compose.dev.yml", "docker-compose.stg.yml", "docker-compose.prod.yml"];
// Neither hidden files nor an editor's copies: they would make a new version out of nothing.
const script = /^scripts\/[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** Reads what all releases have in common: `appspec.yml`, the three compose files and everything in `scripts/`. */
export function readReleaseScripts(appScripts: string): readonly ReleaseFile[] {
    const folder = join(appScripts, "scripts");
    const scripts = existsSync(folder) ? readdirSync(folder).map(name => `scripts/${name}`) : [];
    const present = [...required, ...scripts].filter(path => existsSync(join(appScripts, path)));
    const plain = present.filter(path => statSync(join(appScripts, path)).isFile());
    const files = plain.map(path => readReleaseFile(appScripts, path));

    const odd = present.filter(path => !plain.includes(path)).map(path => `${path} is not a file`);
    const problems = [...odd, ...scriptProblems(files)];
    if (problems.length > 0) throw new ReleaseError(`'${appScripts}' holds no release: ${problems.join("; ")}`);
    return files;
}

/** What is wrong with the files of a release, a sentence each. */
export function scriptProblems(files: readonly ReleaseFile[]): readonly string[] {
    const paths = files.map(file => file.path);
    return [
        ...required.filter(path => !paths.includes(path)).map(path => `${path} is missing`),
        ...paths.filter((path, index) => paths.indexOf(path) !== index).map(path => `${path} is there twice`),
        ...paths
            .filter(path => !required.includes(path) && !script.test(path))
            .map(path => `${path} does not belong to a release`),
        ...files.filter(file => script.test(file.path)).flatMap(hookProblems),
    ];
}

function readReleaseFile(appScripts: string, path: string): ReleaseFile {
    const source = join(appScripts, path);
    // Of all permissions git keeps this bit alone, and only scripts need it.
    const executable = script.test(path) && (statSync(source).mode & 0o100) !== 0;
    return { path, mode: executable ? 0o755 : 0o644, content: readFileSync(source) };
}

// A file that names its interpreter is made to be run; one without, such as common.sh, is made to be sourced.
function hookProblems({ path, mode, content }: ReleaseFile): readonly string[] {
    const text = new TextDecoder().decode(content);
    if (!text.startsWith("#!")) return [];
    return [
        ...(mode === 0o755 ? [] : [`${path} is not executable: chmod +x it`]),
        ...(text.includes("\r\n") ? [`${path} has Windows line ends, with which it finds no interpreter`] : []),
    ];
}
