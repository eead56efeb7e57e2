import { type Colour, otherColour } from "../../../release/blue-green/colour";
import { ColourGroup } from "../../../rehearsal/blue-green/colour-group";
import type { ColourSite } from "../../../rehearsal/blue-green/colour-site";
import { ColourStore } from "../../../rehearsal/blue-green/colour-store";
import { Timeline } from "../../../rehearsal/timeline";
import { FakeClock } from "../../support/aws/fake-clock";
import { FakeHosts } from "./fake-hosts";

/** A site without Docker, whose time passes only when somebody waits. Version 1 serves on blue, on two instances. */
export class FakeSite {
    readonly clock = new FakeClock();
    readonly hosts = new FakeHosts();
    /** What was done to the balancer and to hosts, in order. */
    readonly log = this.hosts.log;
    /** Targets that the balancer finds not healthy, by colour. */
    readonly unhealthy: Record<Colour, number> = { blue: 0, green: 0 };
    /** What each colour has answered since the beginning. */
    answered = { requests: 0, errors: 0 };
    readonly site: ColourSite;
    private readonly ends: (() => void)[] = [];
    private weights: Record<Colour, number> = { blue: 100, green: 0 };

    private constructor(file: string) {
        const groupOf = (colour: Colour): ColourGroup => new ColourGroup({
            colour, maxSize: 6, bootSeconds: () => 40, clock: { now: () => this.clock.now(), wait: (seconds, signal) => this.waitAside(seconds, signal) }, signal: new AbortController().signal,
            hostNamed: id => this.hosts.named(id), deployTo: (version, hosts) => this.hosts.deploy(version, hosts),
        });
        const groups = { blue: groupOf("blue"), green: groupOf("green") };
        const healthOf = (colour: Colour) => () => Promise.resolve(new Map(groups[colour].inService.map(({ id }, index) =>
            [id, index < this.unhealthy[colour] ? "unhealthy" : "healthy"] as const)));
        this.site = {
            groups, clock: this.clock, driverClock: this.clock, timeline: new Timeline(), activeColour: "blue",
            store: new ColourStore(file, { imageOf: version => `registry.example.com/shop@sha256:${version}`, endOf: colour => groups[colour].endsAt }),
            headerSecret: "0123456789abcdef", probePath: "/", run: "gapless-000000", errorAlarm: { percent: 5, fewestRequests: 20 },
            balancer: {
                url: "http://127.0.0.1:1",
                targets: { blue: { health: healthOf("blue") }, green: { health: healthOf("green") } },
                healthy: () => Promise.resolve({
                    blue: groups.blue.inService.length - this.unhealthy.blue, green: groups.green.inService.length - this.unhealthy.green,
                }),
                answered: () => Promise.resolve(this.answered),
                weights: () => Promise.resolve(this.weights),
                shift: (to: Colour, percent: number) => {
                    this.weights = { [to]: percent, [otherColour(to)]: 100 - percent } as Record<Colour, number>;
                    this.log.push(`${to} gets ${percent}`);
                    return Promise.resolve();
                },
                shifts: [],
            },
        } as unknown as ColourSite;
    }

    /** @param file where its `colours.json` lies */
    static async open(file: string): Promise<FakeSite> {
        const fake = new FakeSite(file);
        const { blue } = fake.site.groups;
        blue.resize({ min: 2, desired: 2 });
        await blue.idle();
        await blue.deploy("v1").ended;
        await blue.idle();
        await fake.site.store.update({ blue: { version: "v1", image: "registry.example.com/shop@sha256:v1" } });
        fake.log.length = 0;
        return fake;
    }

    /** Lets every scheduled end come. */
    reachEnds(): void {
        for (const end of this.ends.splice(0)) end();
    }

    /** What groups wait for takes no time of whoever drives; but an end that is to come comes when the test says so. */
    private async waitAside(seconds: number, signal: AbortSignal): Promise<void> {
        await new Promise<void>((resolve, reject) => {
            signal.addEventListener("abort", () => { reject(new DOMException("The operation was aborted", "AbortError")); });
            if (seconds > 40) this.ends.push(resolve);
            else setImmediate(resolve);
        });
    }
}
