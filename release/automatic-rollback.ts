/** A deployment that has ended badly, as far as it decides whether CodeDeploy takes it back by itself. */
export interface BadEnd {
    /** `Failed` or `Stopped`. */
    readonly status: string;
    /** CodeDeploy's word for why, such as `ALARM_ACTIVE`. */
    readonly errorCode?: string | undefined;
    /** Who made it: `user`, `codeDeployRollback`, `autoscaling` … */
    readonly creator?: string | undefined;
    /** What the deployment group asks for; undefined where that is not told. */
    readonly automatic?: { readonly enabled?: boolean | undefined; readonly events?: readonly string[] | undefined } | undefined;
}

// Nothing says how soon the roll back is named after the end. Its deployment is made by CodeDeploy itself, without an agent.
const patienceSeconds = 60;

/** Seconds to wait for CodeDeploy to name the deployment by which it rolls back; 0 where none will come. */
export function rollbackPatience({ status, errorCode, creator, automatic }: BadEnd): number {
    // CodeDeploy does not take back what takes back.
    if (creator === "codeDeployRollback") return 0;
    // Whoever stops a deployment may ask for a roll back that the group does not ask for.
    if (status === "Stopped" || automatic === undefined) return patienceSeconds;
    const event = errorCode === "ALARM_ACTIVE" ? "DEPLOYMENT_STOP_ON_ALARM" : "DEPLOYMENT_FAILURE";
    const asked = automatic.enabled === true && (automatic.events ?? []).includes(event);
    return asked ? patienceSeconds : 0;
}
