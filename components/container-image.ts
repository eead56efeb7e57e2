import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

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
    /** Tag: a hash over all that goes into the build, so that the same content is never built twice. */
    readonly tag: string;
}

export interface ContainerImageArgs {
    readonly source: ImageSource;
    /** Number of images that stay in the repository. @default 30 */
    readonly keepReleases?: number;
    /** Whether `destroy` may delete the repository with all images in it. @default false */
    readonly forceDelete?: boolean;
}

/** The image of a service, named by a digest that never changes its meaning. */
export class ContainerImage extends pulumi.ComponentResource {
    /** `repository@sha256:…`, which goes into a release. */
    readonly reference!: pulumi.Output<string>;
    /** Private repositories the instances must be able to pull from. */
    readonly repositoryArns!: pulumi.Output<string[]>;
    /** Registry the instances log in to. */
    readonly registry!: pulumi.Output<string>;
    readonly repository!: aws.ecr.Repository;

    constructor(name: string, args: ContainerImageArgs, opts?: pulumi.ComponentResourceOptions) {
        super("gapless:index:ContainerImage", name, args, opts);
    }
}
