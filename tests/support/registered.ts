import { record, type RecordingArgs, type Registration } from "../../rehearsal/program/recording";

/** Everything a program registered, to be found by logical name. */
export class Registered {
    constructor(readonly all: readonly Registration[]) {}

    /** The one resource of that logical name; anything but one is an error that lists what there is. */
    named(name: string): Registration {
        const [found, ...more] = this.all.filter(resource => resource.name === name);
        if (found && more.length === 0) return found;
        throw new Error(`${found ? "More than one resource is" : "No resource is"} named '${name}'. There are: ${this.names().join(", ")}`);
    }

    ofType(type: string): readonly Registration[] {
        return this.all.filter(resource => resource.type === type);
    }

    names(): readonly string[] {
        return this.all.map(resource => resource.name).sort();
    }

    /** Whether `later` is made only when `earlier` is there, by any chain of dependencies. */
    comesAfter(later: string, earlier: string): boolean {
        const { urn: sought } = this.named(earlier);
        const seen = new Set<string>();
        const pending = [...this.named(later).dependencies];
        for (let urn = pending.pop(); urn !== undefined; urn = pending.pop()) {
            if (urn === sought) return true;
            if (seen.has(urn)) continue;
            seen.add(urn);
            pending.push(...(this.all.find(resource => resource.urn === urn)?.dependencies ?? []));
        }
        return false;
    }
}

/** Builds a program under mocks and returns what it registered; fails when anything may have been lost on the way. */
export async function registered(program: () => unknown, args: RecordingArgs = {}): Promise<Registered> {
    try {
        return new Registered((await withoutStacks(() => record(program, args))).resources);
    } catch (error) {
        // Again, only to learn where it fails.
        await record(program, args);
        throw error;
    }
}

/** Pulumi takes the stack of every promise that it makes, which is most of the time that a program takes under mocks. */
async function withoutStacks<T>(work: () => Promise<T>): Promise<T> {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
        return await work();
    } finally {
        Error.stackTraceLimit = stackTraceLimit;
    }
}
