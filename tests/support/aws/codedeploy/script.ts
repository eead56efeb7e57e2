import type { Diagnostics } from "@aws-sdk/client-codedeploy";
import type { LifecycleEvent } from "../../../../release/lifecycle";

/** What will become of a deployment. */
export type DeploymentScript =
    | { readonly kind: "succeeds" }
    | {
          readonly kind: "fails";
          /** Event in which instances fail. */
          readonly event: LifecycleEvent;
          /** Instances that fail. @default every one that gets there */
          readonly instances?: readonly string[];
          readonly diagnostics: Diagnostics;
      }
    | {
          readonly kind: "alarm";
          /** Alarm of CloudWatch that stops the deployment when the first wave is done. */
          readonly alarm: string;
      }
    | {
          readonly kind: "stuck";
          /** Event in which instances stay for ever. */
          readonly event: LifecycleEvent;
      };

/** The ways of a deployment, for `CodeDeployDouble.next`. */
export const scripts = {
    /** Every instance goes through. */
    succeeds: (): DeploymentScript => ({ kind: "succeeds" }),
    /** Instances fail in an event, as a hook script does. @param about.event @default ValidateService */
    fails: (about: { readonly event?: LifecycleEvent; readonly instances?: readonly string[]; readonly diagnostics?: Diagnostics } = {}): DeploymentScript => {
        const { event = "ValidateService", instances, diagnostics = scriptFailed(event) } = about;
        return { kind: "fails", event, diagnostics, ...(instances && { instances }) };
    },
    /** An alarm of the deployment group goes off when the first wave is done. */
    alarm: (alarm: string): DeploymentScript => ({ kind: "alarm", alarm }),
    /** Nothing moves any more from this event on. @param event @default ApplicationStart */
    stuck: (event: LifecycleEvent = "ApplicationStart"): DeploymentScript => ({ kind: "stuck", event }),
} as const;

/** What the agent says of a script that ended with exit code 1. */
export function scriptFailed(event: LifecycleEvent, log: readonly string[] = ["health check answered 503"]): Diagnostics {
    const scriptName = `scripts/${event.replace(/\B[A-Z]/g, letter => `_${letter}`).toLowerCase()}.sh`;
    return {
        errorCode: "ScriptFailed",
        scriptName,
        message: `Script at specified location: ${scriptName} run as user root failed with exit code 1`,
        logTail: [`LifecycleEvent - ${event}`, `Script - ${scriptName}`, ...log.map(line => `[stdout]${line}`)].join("\n") + "\n",
    };
}
