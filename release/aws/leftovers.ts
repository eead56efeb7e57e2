import { paginateGetResources, ResourceGroupsTaggingAPIClient } from "@aws-sdk/client-resource-groups-tagging-api";
import { type Leftover, leftover } from "../leftover";
import type { Access } from "./access";

/** Where AWS lists what belongs to no region, such as CloudFront. */
const globalRegion = "us-east-1";

/** What still carries a stack's tags, in its region and where global things are listed; what costs or hinders comes first. */
export async function findLeftovers(access: Access, { project, stack }: { readonly project: string; readonly stack: string }): Promise<readonly Leftover[]> {
    const regions = [...new Set([access.region, globalRegion])];
    const arns = await Promise.all(regions.map(region => taggedIn({ ...access, region }, { project, stack })));
    return [...new Set(arns.flat())].sort().map(leftover)
        .sort((one, other) => Number(one.passing) - Number(other.passing));
}

async function taggedIn(access: Access, tags: Readonly<Record<string, string>>): Promise<readonly string[]> {
    const client = new ResourceGroupsTaggingAPIClient(access);
    const arns: string[] = [];
    const TagFilters = Object.entries(tags).map(([Key, value]) => ({ Key, Values: [value] }));
    for await (const { ResourceTagMappingList = [] } of paginateGetResources({ client, pageSize: 100 }, { TagFilters })) {
        arns.push(...ResourceTagMappingList.flatMap(({ ResourceARN }) => ResourceARN ?? []));
    }
    return arns;
}
