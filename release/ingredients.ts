/**
 * Settings that go into an image or a release. Whoever makes one outside of `pulumi up` must be able to read them; others, such as
 * the ARN of a certificate, may be encrypted wherever a release is made.
 */
export const ingredients = [
    "imageDigest", "imageContext", "dockerfile", "buildArgs", "instanceType", "containerPort", "healthPath", "probePath",
    "healthTimeoutSeconds", "stopGraceSeconds", "environment",
] as const;
