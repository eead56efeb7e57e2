import type * as pulumi from "@pulumi/pulumi";
import { type BuildPipeline, type CiPrincipal, CiRole, type ContainerImage, type DeployPipeline, PreviewRole, type ReleaseStore, type StackNames } from "../components";
import { given } from "./given";
import { required } from "./required";
import type { Settings } from "./settings";

export interface CiSurroundings {
    readonly own: StackNames;
    readonly image: ContainerImage;
    readonly store: ReleaseStore;
    readonly deploy: DeployPipeline;
    readonly build: BuildPipeline | undefined;
}

/** The role by which CI brings releases; undefined when settings name nobody who takes it. */
export function makeCiRole(settings: Settings, around: CiSurroundings, opts: pulumi.ComponentResourceOptions): CiRole | undefined {
    const principal = settings.source === "pulumi" ? undefined : principalOf(settings);
    if (principal === undefined) return undefined;
    const { own, image, store, build, deploy } = around;
    const { pipelineArn, deployments } = deploy;
    return new CiRole("web-ci", {
        ...own,
        principal,
        releaseBucketArn: store.bucketArn,
        ...(image.repository && { repositoryArn: image.repository.arn }),
        pipelineArn,
        ...given("buildPipelineArn", build?.pipelineArn),
        deployments,
        mayDeploy: settings.ciMayDeploy,
    }, opts);
}

function principalOf({ ciPrincipalArn, ciOidcProviderArn, ciOidcSubject: subject, ciOidcAudience: audience }: Settings): CiPrincipal | undefined {
    if (ciPrincipalArn !== undefined) return { arn: ciPrincipalArn };
    return subject === undefined ? undefined : { oidcProviderArn: required("ciOidcProviderArn", ciOidcProviderArn), subject, audience };
}

/** The role by which pull requests are previewed; undefined when settings name none. */
export function makePreviewRole(settings: Settings, own: StackNames, opts: pulumi.ComponentResourceOptions): PreviewRole | undefined {
    const { ciPreviewSubject: subject, ciOidcAudience: audience, registry, dockerHubSecretArn } = settings;
    if (subject === undefined) return undefined;
    return new PreviewRole("web-preview", {
        ...own,
        principal: { oidcProviderArn: required("ciOidcProviderArn", settings.ciOidcProviderArn), subject, audience },
        ...given("stateBucketArn", settings.ciStateBucketArn),
        ...given("stateKeyArn", settings.ciStateKeyArn),
        ...(registry === "dockerHub" && given("dockerHubSecretArn", dockerHubSecretArn)),
    }, opts);
}
