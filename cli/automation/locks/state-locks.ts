import { readdir, readFile, unlink } from "node:fs/promises";
import { join } from "node:path";
import { DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { z } from "zod";
import { DeliveryError } from "../../../release/aws/error";
import type { CommandContext } from "../../context";
import { accessOf } from "../../open-stage";
import { folderOf } from "../pulumi/backend";
import { type HeldLock, type Here, ownerLife } from "./held-lock";
import type { OpenWorkspace } from "../pulumi/stack";

const lockFile = z.object({ pid: z.number().int(), username: z.string(), hostname: z.string(), timestamp: z.string() });

/** Files of a store, as far as locks need them. */
interface Store {
    /** Where it lies, for a person. */
    readonly url: string;
    list(folder: string): Promise<readonly string[]>;
    read(path: string): Promise<string>;
    remove(path: string): Promise<void>;
}

/** The locks that Pulumi holds on a stack's state. */
export async function stateLocks(open: OpenWorkspace, context: CommandContext, here: Here): Promise<readonly HeldLock[]> {
    const { backend } = open;
    if (backend.kind === "cloud") return serviceLock(open);
    if (backend.kind === "file") return locksOf(fileStore(folderOf(backend, context.folder, context.env["HOME"])), open, here);
    if (backend.kind === "s3") return locksOf(await s3Store(open, context), open, here);
    context.tell.warn(`The locks of ${open.name} in ${backend.url} cannot be looked at here: pulumi cancel --stack ${open.name} removes all of them.`);
    return [];
}

/** Pulumi's service tells that somebody is at work, and not who. */
async function serviceLock({ name, workspace }: OpenWorkspace): Promise<readonly HeldLock[]> {
    const stack = (await workspace.listStacks()).find(stack => stack.name === name || stack.name.endsWith(`/${name}`));
    if (stack?.updateInProgress !== true) return [];
    return [{
        lock: "state", owner: "elsewhere",
        who: stack.url === undefined ? "somebody" : `somebody whom ${stack.url}/updates names`,
        remove: async () => {
            const { Stack } = await import("@pulumi/pulumi/automation");
            await (await Stack.select(name, workspace)).cancel();
            return true;
        },
    }];
}

async function locksOf(store: Store, { project, name }: OpenWorkspace, here: Here): Promise<readonly HeldLock[]> {
    const locks: HeldLock[] = [];
    // The second is where stores lie that no project had a part in yet (before Pulumi 3.61).
    for (const folder of [`.pulumi/locks/organization/${project}/${name}`, `.pulumi/locks/${name}`]) {
        for (const path of await store.list(folder)) {
            const { pid, username: who, hostname: host, timestamp: since } = parse(await store.read(path), `${store.url}/${path}`);
            locks.push({
                lock: "state", who, host, pid, since, owner: ownerLife({ who, host, pid }, here),
                remove: async () => {
                    await store.remove(path);
                    return true;
                },
            });
        }
    }
    return locks;
}

function parse(text: string, where: string): z.output<typeof lockFile> {
    try {
        return lockFile.parse(JSON.parse(text));
    } catch (cause) {
        throw new DeliveryError(`${where} is not a lock as this version of Gapless knows them. Look at it, and delete it by hand when nobody is at work.`, "needsPerson", { cause });
    }
}

function fileStore(root: string): Store {
    return {
        url: root,
        list: async folder => {
            const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(nothingThere);
            return entries.filter(entry => entry.isFile() && entry.name.endsWith(".json")).map(({ name }) => `${folder}/${name}`);
        },
        read: path => readFile(join(root, path), "utf8"),
        remove: path => unlink(join(root, path)).catch((error: unknown) => { nothingThere(error); }),
    };
}

function nothingThere(error: unknown): [] {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return [];
}

async function s3Store({ name, backend }: OpenWorkspace, context: CommandContext): Promise<Store> {
    const url = new URL(backend.url);
    const access = await accessOf(name, context);
    const s3 = new S3Client({ ...access, region: url.searchParams.get("region") ?? access.region, followRegionRedirects: true });
    const prefix = url.pathname.replace(/^\/+|\/+$/g, "");
    const keyOf = (path: string): string => (prefix === "" ? path : `${prefix}/${path}`);
    const at = (path: string): { readonly Bucket: string; readonly Key: string } => ({ Bucket: url.hostname, Key: keyOf(path) });
    return {
        url: `s3://${url.hostname}`,
        // More locks than one page has keys are not to be thought of.
        list: async folder => {
            const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: url.hostname, Prefix: `${keyOf(folder)}/` }));
            return Contents.map(({ Key = "" }) => Key.slice(keyOf("").length)).filter(path => path.endsWith(".json") && !path.slice(folder.length + 1).includes("/"));
        },
        read: async path => await (await s3.send(new GetObjectCommand(at(path)))).Body?.transformToString() ?? "",
        remove: async path => { await s3.send(new DeleteObjectCommand(at(path))); },
    };
}
