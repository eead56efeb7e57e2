import { Instance, type InstanceArgs } from "./instance";

/** The instances of a rehearsal, by name. */
export type Fleet = ReadonlyMap<string, Instance>;

/** Instances' names, short enough for a table: i-1, i-2 … */
export function instanceIds(count: number): readonly string[] {
    return Array.from({ length: count }, (_, index) => `i-${index + 1}`);
}

export async function createFleet(ids: readonly string[], args: InstanceArgs): Promise<Fleet> {
    const instances = ids.map(id => new Instance(id, args));
    await Promise.all(instances.map(instance => instance.makeRoot()));
    return new Map(instances.map(instance => [instance.id, instance]));
}
