import { BatchGetDeploymentsCommand, type CodeDeployClient, type DeploymentInfo, ListDeploymentsCommand } from "@aws-sdk/client-codedeploy";
import type { Stage } from "../stage";

/** Of how many things CodeDeploy tells in one call. */
const batchSize = 25;

/** Ids in as many lists as there are calls to make. */
export function batchesOf(ids: readonly string[]): string[][] {
    return Array.from({ length: Math.ceil(ids.length / batchSize) }, (_, n) => ids.slice(n * batchSize, (n + 1) * batchSize));
}

/** What CodeDeploy tells of deployments, in no order. */
export async function deploymentInfos(codeDeploy: CodeDeployClient, ids: readonly string[], signal?: AbortSignal): Promise<readonly DeploymentInfo[]> {
    const options = { ...(signal && { abortSignal: signal }) };
    const answers = await Promise.all(batchesOf(ids).map(deploymentIds => codeDeploy.send(new BatchGetDeploymentsCommand({ deploymentIds }), options)));
    return answers.flatMap(({ deploymentsInfo = [] }) => deploymentsInfo);
}

/** Which deployments of a stage are asked for. */
export interface DeploymentQuestion {
    readonly includeOnlyStatuses?: NonNullable<DeploymentInfo["status"]>[];
    readonly createTimeRange?: { readonly start: Date };
    readonly signal?: AbortSignal | undefined;
}

/** Deployments of a stage a page at a time, as far as they are wanted; CodeDeploy promises no order. */
export async function* deploymentPages(
    codeDeploy: CodeDeployClient, { codeDeployApplication: applicationName, deploymentGroup: deploymentGroupName }: Pick<Stage, "codeDeployApplication" | "deploymentGroup">,
    { signal, ...which }: DeploymentQuestion = {},
): AsyncGenerator<readonly DeploymentInfo[]> {
    const options = { ...(signal && { abortSignal: signal }) };
    let nextToken: string | undefined;
    do {
        const page = await codeDeploy.send(new ListDeploymentsCommand({ applicationName, deploymentGroupName, ...which, ...(nextToken && { nextToken }) }), options);
        yield deploymentInfos(codeDeploy, page.deployments ?? [], signal);
        nextToken = page.nextToken;
    } while (nextToken);
}

/** All deployments of a stage that are asked for, newest first. */
export async function listDeployments(codeDeploy: CodeDeployClient, stage: Stage, question: DeploymentQuestion): Promise<readonly DeploymentInfo[]> {
    const infos: DeploymentInfo[] = [];
    for await (const page of deploymentPages(codeDeploy, stage, question)) infos.push(...page);
    return infos.sort((a, b) => (b.createTime?.getTime() ?? 0) - (a.createTime?.getTime() ?? 0));
}
