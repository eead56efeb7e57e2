import { endedMs, failed, type RequestRecord } from "../load/request-record";

/**
 * The longest time, in milliseconds, in which clients asked and none got a good answer. It is looked for while requests
 * were being sent: the silence after the last one says nothing.
 */
export function longestGapMs(records: readonly RequestRecord[]): number {
    let [firstMs, lastMs] = [Infinity, -Infinity];
    for (const { dueMs } of records) {
        firstMs = Math.min(firstMs, dueMs);
        lastMs = Math.max(lastMs, dueMs);
    }
    const answersMs = records.filter(record => !failed(record)).map(endedMs).filter(atMs => atMs < lastMs).sort((a, b) => a - b);
    let [longest, sinceMs] = [0, firstMs];
    for (const atMs of [...answersMs, lastMs]) {
        longest = Math.max(longest, atMs - sinceMs);
        sinceMs = atMs;
    }
    return Math.round(longest);
}
