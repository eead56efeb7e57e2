import * as aws from "@pulumi/aws";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { familiarName } from "../release/image-name";
import { accountOf } from "./account";
import { check } from "./check";
import { dockerHubCredentials, type DockerHubRepository } from "./docker-hub";
import { parseImage, repositoryArnOf } from "./image-reference";
import { imageRetention } from "./image-retention";

const defaultKeepReleases = 30;

/** Where the image comes from: built here, or built before and named by its digest. */
export type ImageSource = ImageBuild | { readonly prebuilt: string };

export interface ImageBuild {
    /** Folder that is sent to the builder. */
    readonly context: string;
    /** Path of the Dockerfile, relative to the program. */
    readonly dockerfile: string;
    /** Build arguments. @default none */
    readonly args?: Readonly<Record<string, string>>;
    /** Docker platform of the instances. */
    readonly platform: "linux/amd64" | "linux/arm64";
    /** A hash over all that goes into the build; the image's tag is `build-` and this. */
    readonly contentHash: string;
}

export interface ContainerImageArgs {
    /** Where the image comes from. @default nowhere: others build it and push it into the repository */
    readonly source?: ImageSource;
    /**
     * Where images are pushed to. A stack that moves to Docker Hub gives its own repository up, which AWS refuses as long as there
     * are images in it, unless `forceDelete`. @default a repository of its own in Amazon ECR
     */
    readonly registry?: { readonly dockerHub: DockerHubRepository };
    /** Number of newest images that stay in ECR: of those that were deployed, of those that were built, and of those whose tag has moved. @default 30 */
    readonly keepReleases?: number;
    /** Whether `destroy` may delete the repository with all images in it. @default false */
    readonly forceDelete?: boolean;
}

/** The image of a service, named by a digest that never changes its meaning, and the repository that keeps it. */
export class ContainerImage extends pulumi.ComponentResource {
    /** `repository@sha256:…`, which goes into a release; undefined without a source. */
    readonly reference: pulumi.Output<string> | undefined;
    /** Private repositories the instances must be able to pull from. */
    readonly repositoryArns: pulumi.Output<string[]>;
    /** Private registry in ECR the instances log in to. */
    readonly registry: pulumi.Output<string>;
    /** What images are pushed to: `<registry>/<name>`, or `docker.io/<owner>/<name>`. */
    readonly repositoryUrl: pulumi.Output<string>;
    /** Undefined with Docker Hub. */
    readonly repository: aws.ecr.Repository | undefined;

    constructor(name: string, args: ContainerImageArgs, opts?: pulumi.ComponentResourceOptions) {
        super("gapless:index:ContainerImage", name, args, opts);
        const { source } = args;
        const dockerHub = args.registry?.dockerHub;
        const prebuilt = prebuiltOf(source);
        check(this, `ContainerImage '${name}'`, rules(args));

        // Kept with a prebuilt image, too: earlier releases, which a rollback may need, have theirs in it.
        this.repository = dockerHub ? undefined : this.makeRepository(name, args);
        this.repositoryUrl = this.repository?.repositoryUrl ?? pulumi.output(`docker.io/${dockerHub?.repository}`);
        this.reference = source && this.refer(name, source, args);
        const own = pulumi.all(this.repository ? [this.repository.arn] : []);
        this.repositoryArns = pulumi.all([own, accountOf(this).partition]).apply(([own, partition]) => [...own, ...repositoryArnOf(prebuilt, partition)]);
        this.registry = pulumi.output(registryOf(prebuilt) ?? this.ownRegistry());
        this.registerOutputs({
            reference: this.reference, repositoryArns: this.repositoryArns, registry: this.registry,
            repositoryUrl: this.repositoryUrl, repository: this.repository,
        });
    }

    private makeRepository(name: string, { keepReleases = defaultKeepReleases, forceDelete = false }: ContainerImageArgs): aws.ecr.Repository {
        const repository = new aws.ecr.Repository(`${name}-repository`, {
            imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
            // docs/decisions/0008-image-tags.md tells why builds are among those that may move.
            imageTagMutabilityExclusionFilters: ["latest", "cache", "build-*"].map(filter => ({ filter, filterType: "WILDCARD" })),
            imageScanningConfiguration: { scanOnPush: true },
            encryptionConfigurations: [{ encryptionType: "AES256" }],
            forceDelete,
        }, { parent: this });
        new aws.ecr.LifecyclePolicy(`${name}-retention`, {
            repository: repository.name, policy: pulumi.jsonStringify(imageRetention(keepReleases)),
        }, { parent: this });
        return repository;
    }

    private refer(name: string, source: ImageSource, { registry }: ContainerImageArgs): pulumi.Output<string> {
        if ("prebuilt" in source) return pulumi.output(source.prebuilt);
        const { context, dockerfile, args = {}, platform, contentHash } = source;
        const image = new docker.Image(`${name}-image`, {
            imageName: pulumi.interpolate`${this.repositoryUrl}:build-${contentHash}`,
            build: { context, dockerfile, args, platform },
            buildOnPreview: false,
            registry: registry ? this.logInToDockerHub(registry.dockerHub) : this.logInToEcr(),
        // No ignoreChanges: the provider looks at the context all the same, and would push new content under an old tag.
        }, { parent: this });
        return image.repoDigest.apply(familiarName);
    }

    private logInToEcr() {
        const login = aws.ecr.getAuthorizationTokenOutput({ registryId: pulumi.output(this.repository?.registryId) }, { parent: this });
        return { server: this.repositoryUrl, username: login.userName, password: pulumi.secret(login.password) };
    }

    private logInToDockerHub({ secretArn }: DockerHubRepository) {
        const { username, password } = dockerHubCredentials(secretArn, this);
        return { server: "docker.io", username, password };
    }

    /** Whether or not a repository of this stack is in it. */
    private ownRegistry(): pulumi.Output<string> {
        const { accountId, region } = accountOf(this);
        return pulumi.interpolate`${accountId}.dkr.ecr.${region}.${aws.getPartitionOutput({}, { parent: this }).dnsSuffix}`;
    }
}

function prebuiltOf(source: ImageSource | undefined): string | undefined {
    return source && "prebuilt" in source ? source.prebuilt : undefined;
}

function rules({ source, registry, keepReleases = defaultKeepReleases }: ContainerImageArgs): readonly (string | false)[] {
    const prebuilt = prebuiltOf(source);
    return [
        prebuilt !== undefined && !parseImage(prebuilt) && `prebuilt must be repository@sha256:<64 hexadecimal digits>, got '${prebuilt}'`,
        registry !== undefined && dockerHubRule(registry.dockerHub),
        keepReleases < 2 && `keepReleases must be 2 or more, or nothing is left to roll back to, got ${keepReleases}`,
    ];
}

/** https://docs.docker.com/docker-hub/repos/create/ */
function dockerHubRule({ repository }: DockerHubRepository): string | false {
    return !/^[a-z0-9]+\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*$/.test(repository) && `dockerHub.repository must be owner/name, got '${repository}'`;
}

function registryOf(prebuilt: string | undefined): string | undefined {
    return prebuilt === undefined ? undefined : parseImage(prebuilt)?.ecr?.registry;
}
