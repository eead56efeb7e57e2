import { Docker, type DockerArgs } from "../../rehearsal/docker/docker";

/** What a client command answers; throwing stands for a command that fails. */
export type DockerAnswer = (command: string, args: readonly string[]) => string | Promise<string>;

/** A Docker client that keeps what it was told and answers as a test says; there is no daemon. */
export class FakeDocker extends Docker {
    /** The client commands, as words. */
    readonly commands: (readonly string[])[] = [];

    constructor(private readonly answer: DockerAnswer, about: Partial<DockerArgs> = {}) {
        super({ signal: new AbortController().signal, ...about });
    }

    override async run(args: readonly string[]): Promise<string> {
        this.commands.push(args);
        return this.answer(args.slice(0, 2).join(" "), args);
    }

    /** The only command that begins with these words. */
    only(...words: readonly string[]): readonly string[] {
        const [found, ...more] = this.all(...words);
        if (!found || more.length > 0) throw new Error(`docker ${words.join(" ")} ran ${more.length + (found ? 1 : 0)} times`);
        return found;
    }

    /** Every command that begins with these words. */
    all(...words: readonly string[]): readonly (readonly string[])[] {
        return this.commands.filter(command => words.every((word, index) => command[index] === word));
    }
}

/** The values of an option that may be given more than once. */
export function valuesOf(option: string, command: readonly string[]): readonly string[] {
    return command.flatMap((word, index) => (command[index - 1] === option ? [word] : []));
}
