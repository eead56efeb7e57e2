import { environmentProblems } from "../../release/env-file";
import { defaults, hostPort } from "../../release/rollout";
import { abouts, relativePath, text, urlPath, whole, words } from "./kinds";

export const serviceSettings = {
    imageContext: relativePath("a folder").default("app").register(abouts, {
        text: "Folder that Docker builds the image from, after its `.dockerignore`.",
    }),
    dockerfile: relativePath("a file").default("app/Dockerfile.prod").register(abouts, {
        text: "Dockerfile of the image. stg takes prod's, so that the release tried there is the one promoted.",
    }),
    buildArgs: words(name => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name), "an object of build argument names (letters, digits and _) and values").default({}).register(abouts, {
        text: "Docker build arguments. They end up in the image's history: no secrets.",
        example: { NODE_ENV: "production" },
    }),
    imageDigest: text(/^[a-z0-9][a-z0-9._:/-]*@sha256:[0-9a-f]{64}$/, "repository@sha256: and 64 hexadecimal digits").optional().register(abouts, {
        text: "A prebuilt image. With it nothing is built, and context, Dockerfile and build arguments have no effect. Hosts log in to one ECR registry: "
            + "that of this image when it lies in ECR. In another account it must let this one pull, and outside of the stack's own registry "
            + "new hosts can no longer pull earlier releases from the stack's repository.",
        example: `registry.example.com/shop@sha256:${"0".repeat(64)}`,
    }),
    containerPort: whole(1, 65535).default(8080).register(abouts, {
        text: `Port that the container listens on. Hosts publish it as ${hostPort} whatever it is, so another one is only a release.`,
    }),
    healthPath: urlPath().default(defaults.healthCheck.path).register(abouts, {
        text: "Answers 200 as soon as the container may take traffic. The load balancer and the hosts ask it. The load balancer asks a new path at once, "
            + "before the release that comes with it. A change takes two releases: first one that answers both paths, then the change.",
    }),
    probePath: urlPath().default("/").register(abouts, {
        text: "A real route that each host tries before it takes traffic: what is healthy may still answer 500.",
    }),
    slowPath: text(/^(?:\/\S*)?$/, "a path that begins with /, or nothing").default("/slow?ms=1200").register(abouts, {
        text: "The slowest kind of request, sent by the rehearsal to prove that draining waits for it; empty for none. No AWS resource uses it.",
    }),
    environment: words(
        (name, value) => environmentProblems({ [name]: value }).length === 0,
        "an object of names (letters, digits and _; not VERSION or INSTANCE_ID) and one-line values without control characters",
    ).default({}).register(abouts, {
        text: "Environment of the container, which also gets VERSION, INSTANCE_ID and, unless set here, PORT and HEALTH_PATH. It travels in the release bundle: rather than a secret, name where the service finds it.",
        example: { GREETING: "hello" },
    }),
};
