/** Seconds as people say them: `1.2 s`, `75 s`, `6 min 10 s`. */
export function seconds(value: number): string {
    if (value < 60) return `${value.toFixed(value > 0 && value < 0.1 ? 3 : 1)} s`;
    const whole = Math.round(value);
    if (whole < 120) return `${whole} s`;
    return whole % 60 === 0 ? `${whole / 60} min` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** Seconds as somebody has set them: `20 s`, `0.45 s`. */
export function setting(value: number): string {
    return value < 120 ? `${Number(value.toFixed(3))} s` : seconds(value);
}

export function percent(share: number): string {
    return `${Math.round(share * 100)} %`;
}

/** A time of day for readers anywhere, such as `2026-01-31 08:30 UTC`. */
export function timeOfDay(atMs: number): string {
    return `${new Date(atMs).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
