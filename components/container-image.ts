import * as aws from "@pulumi/aws";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { check } from "./check";
import { parseImage, repositoryArnOf } from "./image-reference";

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
    readonly source: ImageSource;
    /** Number of newest images that stay in the repository; as many again whose tag has moved to a newer one. @default 30 */
    readonly keepReleases?: number;
    /** Whether `destroy` may delete the repository with all images in it. @default false */
    readonly forceDelete?: boolean;
}

/** The image of a service, named by a digest that never changes its meaning, and the repository that keeps it. */
export class ContainerImage extends pulumi.ComponentResource {
    /** `repository@sha256:…`, which goes into a release. */
    readonly reference: pulumi.Output<string>;
    /** Private repositories the instances must be able to pull from. */
    readonly repositoryArns: pulumi.Output<string[]>;
    /** Private registry the instances log in to. */
    readonly registry: pulumi.Output<string>;
    readonly repository: aws.ecr.Repository;

    constructor(name: string, args: ContainerImageArgs, opts?: pulumi.ComponentResourceOptions) {
        super("gapless:index:ContainerImage", name, args, opts);
        const { source, keepReleases = 30, forceDelete = false } = args;
        const prebuilt = "prebuilt" in source ? source.prebuilt : undefined;
        check(this, `ContainerImage '${name}'`, [
            isUnpinned(prebuilt) && `prebuilt must be repository@sha256:<64 hexadecimal digits>, got '${prebuilt}'`,
            keepReleases < 2 && `keepReleases must be 2 or more, or nothing is left to roll back to, got ${keepReleases}`,
        ]);

        // Kept with a prebuilt image, too: earlier releases, which a rollback may need, have theirs in it.
        this.repository = new aws.ecr.Repository(`${name}-repository`, {
            imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
            // docs/decisions/0008-image-tags.md tells why builds are among those that may move.
            imageTagMutabilityExclusionFilters: ["latest", "cache", "build-*"].map(filter => ({ filter, filterType: "WILDCARD" })),
            imageScanningConfiguration: { scanOnPush: true },
            encryptionConfigurations: [{ encryptionType: "AES256" }],
            forceDelete,
        }, { parent: this });
        new aws.ecr.LifecyclePolicy(`${name}-retention`, {
            repository: this.repository.name, policy: keepNewest(keepReleases),
        }, { parent: this });

        this.reference = "prebuilt" in source ? pulumi.output(source.prebuilt) : this.build(name, source);
        this.repositoryArns = this.repository.arn.apply(own => [own, ...repositoryArnOf(prebuilt, own)]);
        this.registry = pulumi.output(registryOf(prebuilt) ?? hostOf(this.repository.repositoryUrl));
        this.registerOutputs({
            reference: this.reference, repositoryArns: this.repositoryArns, registry: this.registry, repository: this.repository,
        });
    }

    private build(name: string, { context, dockerfile, args = {}, platform, contentHash }: ImageBuild): pulumi.Output<string> {
        const login = aws.ecr.getAuthorizationTokenOutput({ registryId: this.repository.registryId }, { parent: this });
        const image = new docker.Image(`${name}-image`, {
            imageName: pulumi.interpolate`${this.repository.repositoryUrl}:build-${contentHash}`,
            build: { context, dockerfile, args, platform },
            buildOnPreview: false,
            registry: { server: this.repository.repositoryUrl, username: login.userName, password: pulumi.secret(login.password) },
        }, { parent: this });
        return image.repoDigest;
    }
}

function isUnpinned(prebuilt: string | undefined): prebuilt is string {
    return prebuilt !== undefined && !parseImage(prebuilt);
}

function registryOf(prebuilt: string | undefined): string | undefined {
    return prebuilt === undefined ? undefined : parseImage(prebuilt)?.ecr?.registry;
}

function hostOf(repositoryUrl: pulumi.Output<string>): pulumi.Output<string> {
    return repositoryUrl.apply(url => url.replace(/\/.*$/, ""));
}

/** By number alone: an image has no age at which a rollback stops needing it. ECR knows nothing of which one runs. */
function keepNewest(count: number): pulumi.Output<string> {
    const countNewest = { countType: "imageCountMoreThan", countNumber: count };
    return pulumi.jsonStringify({
        rules: [
            {
                rulePriority: 1,
                description: "Keep what a rollback or a late scale-out may pull",
                selection: { tagStatus: "tagged", tagPatternList: ["*"], ...countNewest },
                action: { type: "expire" },
            },
            {
                rulePriority: 2,
                description: "The same of images whose tag has moved to a newer build",
                selection: { tagStatus: "untagged", ...countNewest },
                action: { type: "expire" },
            },
        ],
    });
}
