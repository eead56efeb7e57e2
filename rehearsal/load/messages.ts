import type { LoadPlan } from "./load-plan";
import type { RequestRecord } from "./request-record";

/** What the load's process is told. */
export type ToLoad = { readonly type: "start"; readonly plan: LoadPlan } | { readonly type: "stop" };

/** What the load's process tells. */
export type FromLoad =
    | { readonly type: "started" }
    | { readonly type: "records"; readonly records: readonly RequestRecord[] }
    | { readonly type: "ended" };
