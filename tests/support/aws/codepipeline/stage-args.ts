import type { ActionDeclaration, StageDeclaration } from "@aws-sdk/client-codepipeline";

/** A stage, which has one action of the same name. */
export type StageArgs =
    | { readonly kind: "source"; readonly name: string; readonly from: S3Source | GitHubSource }
    | { readonly kind: "approval"; readonly name: string }
    | { readonly kind: "deploy"; readonly name: string; readonly application: string; readonly group: string }
    | { readonly kind: "build"; readonly name: string; readonly project: string; readonly run: Build };

export interface S3Source {
    readonly bucket: string;
    readonly key: string;
}

export interface GitHubSource {
    readonly connectionArn: string;
    /** `owner/name` */
    readonly repository: string;
    readonly branch: string;
}

/** What a build does when its turn comes: gives its exported variables, or throws, which fails it. */
export type Build = (about: BuildAbout) => Exported | Promise<Exported>;

/** A build's exported variables; undefined for none. */
export type Exported = Readonly<Record<string, string>> | undefined;

export interface BuildAbout {
    readonly executionId: string;
    /** Object version or commit that the execution is about. */
    readonly revision: string;
    /** Deployment that an earlier stage has made. */
    readonly deploymentId: string | undefined;
}

/** The stage as GetPipeline tells it. */
export function declare(stage: StageArgs): StageDeclaration {
    return { name: stage.name, actions: [{ name: stage.name, runOrder: 1, ...declaration(stage) }] };
}

function declaration(stage: StageArgs): Omit<ActionDeclaration, "name"> {
    switch (stage.kind) {
        case "source": return { ...sourceDeclaration(stage.from), outputArtifacts: [{ name: "release" }], inputArtifacts: [] };
        case "approval": return { actionTypeId: typeId("Approval", "Manual"), configuration: {}, outputArtifacts: [], inputArtifacts: [] };
        case "deploy": return {
            actionTypeId: typeId("Deploy", "CodeDeploy"), outputArtifacts: [], inputArtifacts: [{ name: "release" }],
            configuration: { ApplicationName: stage.application, DeploymentGroupName: stage.group },
        };
        case "build": return {
            actionTypeId: typeId("Build", "CodeBuild"), outputArtifacts: [], inputArtifacts: [{ name: "release" }], configuration: { ProjectName: stage.project },
        };
    }
}

function sourceDeclaration(from: S3Source | GitHubSource): Pick<ActionDeclaration, "actionTypeId" | "configuration"> {
    return "bucket" in from
        ? { actionTypeId: typeId("Source", "S3"), configuration: { S3Bucket: from.bucket, S3ObjectKey: from.key, PollForSourceChanges: "false" } }
        : {
            actionTypeId: typeId("Source", "CodeStarSourceConnection"),
            configuration: { ConnectionArn: from.connectionArn, FullRepositoryId: from.repository, BranchName: from.branch, OutputArtifactFormat: "CODEBUILD_CLONE_REF" },
        };
}

function typeId(category: "Source" | "Approval" | "Deploy" | "Build", provider: string): ActionDeclaration["actionTypeId"] {
    return { category, owner: "AWS", provider, version: "1" };
}
