/** How far a deployment is. */
export interface Progress {
    readonly deploymentId: string;
    /** CodeDeploy's word, such as `InProgress`. */
    readonly status: string;
}
