/** An ECR lifecycle policy: https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html */
export interface LifecyclePolicy {
    readonly rules: readonly LifecycleRule[];
}

export interface LifecycleRule {
    /** Position: a rule never expires what one with a lower number selects. */
    readonly rulePriority: number;
    readonly description: string;
    readonly selection: {
        readonly tagStatus: "tagged" | "untagged";
        readonly tagPatternList?: readonly string[];
        readonly countType: "imageCountMoreThan";
        readonly countNumber: number;
    };
    readonly action: { readonly type: "expire" };
}

/**
 * By number alone: an image has no age at which a rollback stops needing it. Images that were deployed, which the deploy
 * pipeline tags, are counted by themselves: however often something is built, they stay.
 */
export function imageRetention(keepReleases: number): LifecyclePolicy {
    const countNewest = { countType: "imageCountMoreThan", countNumber: keepReleases } as const;
    const action = { type: "expire" } as const;
    return {
        rules: [
            {
                rulePriority: 1,
                description: "Keep what serves, and what a rollback or a late scale-out may pull",
                selection: { tagStatus: "tagged", tagPatternList: ["deployed-*"], ...countNewest },
                action,
            },
            {
                rulePriority: 2,
                description: "Keep builds that may still be deployed",
                selection: { tagStatus: "tagged", tagPatternList: ["*"], ...countNewest },
                action,
            },
            {
                rulePriority: 3,
                description: "The same of images whose tag has moved to a newer build",
                selection: { tagStatus: "untagged", ...countNewest },
                action,
            },
        ],
    };
}
