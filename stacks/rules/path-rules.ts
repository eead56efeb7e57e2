import type { PathKind } from "../path-kind";
import { error, rule, type SettingsRule } from "./rule";

/** What an image is built from must be there, unless it is built already. */
export function pathRules(kindOf: PathKind): readonly SettingsRule[] {
    return [
        rule(["imageContext", "imageDigest"], ({ imageContext, imageDigest }) =>
            imageDigest === undefined && kindOf(imageContext) !== "folder"
            && error("imageContext", imageContext, "must be a folder that exists, itself and not a link to one",
                "set imageContext to the folder that Docker builds from, by its path from the folder of Pulumi.yaml")),
        rule(["dockerfile", "imageDigest"], ({ dockerfile, imageDigest }) =>
            imageDigest === undefined && kindOf(dockerfile) !== "file"
            && error("dockerfile", dockerfile, "must be a file that exists", "set dockerfile to the Dockerfile, by its path from the folder of Pulumi.yaml")),
    ];
}
