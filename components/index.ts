export { type Architecture, architectureOf } from "./architecture";
export { AutoscaledService, type AutoscaledServiceArgs, type ComposeBinary } from "./autoscaled-service";
export { ContainerImage, type ContainerImageArgs, type ImageBuild, type ImageSource } from "./container-image";
export { DeployPipeline, type DeployPipelineArgs } from "./deploy-pipeline";
export type { DeploymentTarget } from "./deployment-target";
export { LoadBalancedTier, type LoadBalancedTierArgs } from "./load-balanced-tier";
export { ReleaseStore, type ReleaseStoreArgs } from "./release-store";
