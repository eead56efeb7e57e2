import * as model from "@aws-sdk/client-codedeploy";
import type { DeploymentCreator, RevisionLocation } from "@aws-sdk/client-codedeploy";
import { type DeploymentArgs, DeploymentRun } from "./codedeploy/deployment-run";
import { Group, type GroupArgs } from "./codedeploy/group";
import { operationsOf } from "./codedeploy/operations";
import { type DeploymentScript, scripts } from "./codedeploy/script";
import { JsonService } from "./json-service";
import { ServiceError } from "./service-error";

export type { GroupArgs } from "./codedeploy/group";
export { type DeploymentScript, scriptFailed, scripts } from "./codedeploy/script";

export interface CodeDeployDoubleArgs {
    /** What time it is for deployments, such as a fake clock's `now`. @default the system's */
    readonly now?: () => Date;
    /** Lifecycle events that pass after each GetDeployment; 0 = deployments move by {@link CodeDeployDouble.advance} alone. @default 1 */
    readonly eventsPerPoll?: number;
    /** Targets on a page of ListDeploymentTargets, deployments on one of ListDeployments. @default 100 */
    readonly pageSize?: number;
}

/** A deployment as another principal of the account asks for it. */
export interface OtherDeployment {
    readonly application: string;
    readonly group: string;
    readonly revision: RevisionLocation;
    /** @default user */
    readonly creator?: DeploymentCreator;
    readonly description?: string;
    /** Deployment configuration. @default the group's */
    readonly config?: string | undefined;
}

/**
 * CodeDeploy in the small: groups of instances, deployments that go through their lifecycle events in waves, fail, are
 * stopped and rolled back. A deployment moves when it is asked for by GetDeployment, after the answer.
 */
export class CodeDeployDouble extends JsonService {
    /** In order of creation. */
    readonly deployments: DeploymentRun[] = [];
    readonly eventsPerPoll: number;
    readonly pageSize: number;
    readonly now: () => Date;
    /** Revisions that were registered without being deployed. */
    readonly registered: { readonly application: string; readonly revision: RevisionLocation; readonly description: string | undefined }[] = [];
    private readonly groups: Group[] = [];
    private readonly coming: DeploymentScript[] = [];

    private constructor({ now = () => new Date(), eventsPerPoll = 1, pageSize = 100 }: CodeDeployDoubleArgs) {
        const operations = operationsOf(() => this);
        super(model, () => operations);
        this.now = now;
        this.eventsPerPoll = eventsPerPoll;
        this.pageSize = pageSize;
    }

    static async start(args: CodeDeployDoubleArgs = {}): Promise<CodeDeployDouble> {
        const double = new CodeDeployDouble(args);
        await double.listen();
        return double;
    }

    addGroup(args: GroupArgs): Group {
        const group = new Group(args, this.now());
        this.groups.push(group);
        return group;
    }

    /** What will become of the deployments to come, in order, rollbacks included. Without a word they succeed. */
    next(...coming: readonly DeploymentScript[]): void {
        this.coming.push(...coming);
    }

    /** A deployment that somebody else starts, such as the pipeline. Refused as AWS refuses it. @returns its id */
    create({ application, group: name, revision, creator = "user", description, config }: OtherDeployment): string {
        const group = this.group(application, name);
        const running = this.deployments.find(deployment => deployment.args.group === group && !deployment.ended);
        if (running) {
            throw new ServiceError("DeploymentLimitExceededException", `The Deployment Group '${name}' already has an active Deployment '${running.args.id}'`);
        }
        return this.add({ group, revision, creator, description, config }).args.id;
    }

    /** Lets events pass, as many as asked for. @param events @default until the deployment ends, or is stuck */
    advance(deploymentId: string, events = this.toTheEnd(deploymentId)): void {
        const deployment = this.deployment(deploymentId);
        for (let step = 0; step < events && !deployment.ended; step += 1) this.step(deployment);
    }

    /** Ends a deployment by a person's or an alarm's word. */
    stop(deployment: DeploymentRun, rollBack: boolean, description = "The deployment was stopped."): void {
        deployment.stop("MANUAL_STOP", description);
        this.settle(deployment, rollBack);
    }

    group(application: string, name: string): Group {
        if (!this.groups.some(group => group.application === application)) {
            throw new ServiceError("ApplicationDoesNotExistException", `Applications not found for ${application}`);
        }
        const found = this.groups.find(group => group.application === application && group.name === name);
        if (!found) throw new ServiceError("DeploymentGroupDoesNotExistException", `No Deployment Group found for name: ${name}`);
        return found;
    }

    deployment(id: string): DeploymentRun {
        if (!/^d-[A-Z0-9]{9}$/.test(id)) throw new ServiceError("InvalidDeploymentIdException", `The specified deployment ID ${id} is not valid.`);
        const found = this.deployments.find(deployment => deployment.args.id === id);
        if (!found) throw new ServiceError("DeploymentDoesNotExistException", `The deployment ${id} could not be found`);
        return found;
    }

    private step(deployment: DeploymentRun): void {
        deployment.step();
        if (deployment.ended) this.settle(deployment, deployment.args.group.autoRollback);
    }

    // Stuck ones never end, but every event passes on every instance in fewer steps than that.
    private toTheEnd(deploymentId: string): number {
        const { instances, args } = this.deployment(deploymentId);
        return (instances.length + 1) * (args.group.events.length + 1) + 1;
    }

    private add(about: Omit<DeploymentArgs, "id" | "script">): DeploymentRun {
        const id = `d-${(this.deployments.length + 1).toString(36).toUpperCase().padStart(9, "TEST00000")}`;
        const deployment = new DeploymentRun({ ...about, id, script: this.coming.shift() ?? scripts.succeeds() }, this.now);
        this.deployments.push(deployment);
        about.group.lastAttempted = deployment;
        return deployment;
    }

    /** What an ended deployment leaves: what serves, and the deployment that brings back what served. */
    private settle(deployment: DeploymentRun, rollBack: boolean): void {
        const { id: deploymentId, group, revision, creator } = deployment.args;
        if (deployment.status === "Succeeded") group.lastSuccessful = { deploymentId, revision, endTime: this.now() };
        // What rolls back is not rolled back itself.
        else if (rollBack && creator !== "codeDeployRollback") this.rollBack(deployment);
    }

    private rollBack(deployment: DeploymentRun): void {
        const { id, group } = deployment.args;
        if (!group.lastSuccessful) {
            deployment.rollbackInfo = { rollbackMessage: `The deployment ${id} could not be rolled back because there is no successful deployment to roll back to.` };
            return;
        }
        const rollback = this.add({
            group, revision: group.lastSuccessful.revision, creator: "codeDeployRollback",
            description: `Rollback of deployment ${id}`,
            rollbackInfo: { rollbackTriggeringDeploymentId: id, rollbackMessage: `Deployment ${id} ended with status ${deployment.status} and was rolled back.` },
        });
        deployment.rollbackInfo = { rollbackDeploymentId: rollback.args.id, rollbackMessage: `The deployment is rolled back by deployment ${rollback.args.id}.` };
    }
}
