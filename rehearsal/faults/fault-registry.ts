import type { Ground } from "../ground";
import { registryFolder } from "../release/registry";

const awayFolder = `${registryFolder}-away`;

/** The rehearsal's registry, for what may happen to one. */
export class FaultRegistry {
    constructor(private readonly site: Pick<Ground, "bundles" | "releases">) {}

    /** It answers every request with an error, until this is disposed of. */
    async fail(): Promise<AsyncDisposable> {
        // Not a stop: at its next start the container would have another port, and images another name.
        await this.inside(`mv ${registryFolder} ${awayFolder} && touch ${registryFolder}`);
        return { [Symbol.asyncDispose]: () => this.inside(`rm -f ${registryFolder} && mv ${awayFolder} ${registryFolder}`) };
    }

    /** It takes requests and answers none, until this is disposed of. */
    async hang(): Promise<AsyncDisposable> {
        const { docker } = this.site.releases;
        await docker.run(["pause", this.container]);
        return { [Symbol.asyncDispose]: async () => { await docker.run(["unpause", this.container]); } };
    }

    /** It has no image of a release, until this is disposed of. */
    async lose(version: string): Promise<AsyncDisposable> {
        const [, digest = ""] = this.site.bundles.imageOf(version).split("@sha256:");
        const [, repository = ""] = /^[^/]+\/(.+)$/.exec(this.site.releases.repository) ?? [];
        const manifest = `${registryFolder}/docker/registry/v2/repositories/${repository}/_manifests/revisions/sha256/${digest}`;
        const away = `${awayFolder}-${digest}`;
        await this.inside(`mv ${manifest} ${away}`);
        return { [Symbol.asyncDispose]: () => this.inside(`mv ${away} ${manifest}`) };
    }

    /**
     * Takes a release's image off every host, as of hosts that never had it.
     * @throws Error when it is still there
     */
    async forgetOnHosts(version: string): Promise<void> {
        const { docker } = this.site.releases;
        const image = this.site.bundles.imageOf(version);
        if (!await docker.succeeds(["image", "inspect", image])) return;
        const names = await docker.run(["image", "inspect", "--format", '{{range .RepoTags}}{{println .}}{{end}}{{range .RepoDigests}}{{println .}}{{end}}', image]);
        // A container that runs it keeps it, without its names; the last tag may take the digest with it.
        for (const name of names.split("\n").filter(each => each !== "")) await docker.succeeds(["image", "rm", "--force", name]);
        if (await docker.succeeds(["image", "inspect", image])) throw new Error(`the image of release ${version} cannot be taken off the hosts`);
    }

    private get container(): string {
        return `${this.site.releases.run}-registry`;
    }

    private async inside(command: string): Promise<void> {
        await this.site.releases.docker.run(["exec", this.container, "/bin/sh", "-c", command]);
    }
}
