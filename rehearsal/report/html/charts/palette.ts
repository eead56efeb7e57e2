/** What a bar of a lane is about. */
export type Kind = "traffic" | "stop" | "install" | "start" | "validate" | "watch" | "other";

/** Colours of the charts; those that tell things apart do so for colour-blind eyes too (after Okabe and Ito), and by their lightness. */
export interface Palette {
    readonly text: string;
    readonly faint: string;
    readonly line: string;
    readonly surface: string;
    readonly blue: string;
    readonly green: string;
    /** Versions that are neither the old one nor the new. */
    readonly others: readonly string[];
    readonly failed: string;
    readonly median: string;
    readonly worst: string;
    readonly phases: Readonly<Record<"before" | "during" | "rollback" | "after", string>>;
    readonly kinds: Readonly<Record<Kind, { readonly fill: string; readonly ink: string }>>;
}

export const light: Palette = {
    text: "#1c2330",
    faint: "#5d6776",
    line: "#d9dee6",
    surface: "#ffffff",
    blue: "#3b7dc4",
    green: "#2ba583",
    others: ["#b07aa8", "#c9a227", "#8a94a3"],
    failed: "#d1401f",
    median: "#3b7dc4",
    worst: "#c26a00",
    phases: { before: "transparent", during: "rgba(59, 125, 196, 0.07)", rollback: "rgba(226, 140, 0, 0.12)", after: "transparent" },
    kinds: {
        traffic: { fill: "#5c4f9e", ink: "#ffffff" },
        stop: { fill: "#e6a23c", ink: "#1c2330" },
        install: { fill: "#b4bcc8", ink: "#1c2330" },
        start: { fill: "#63b5e8", ink: "#1c2330" },
        validate: { fill: "#1f8a6d", ink: "#ffffff" },
        watch: { fill: "#c7d9ec", ink: "#1c2330" },
        other: { fill: "#8a94a3", ink: "#ffffff" },
    },
};

export const dark: Palette = {
    text: "#e6eaf0",
    faint: "#98a3b3",
    line: "#323b49",
    surface: "#171c24",
    blue: "#5b9fe6",
    green: "#3fc6a0",
    others: ["#cf9ac6", "#e0c04c", "#9aa5b5"],
    failed: "#ff6b4a",
    median: "#5b9fe6",
    worst: "#f0a640",
    phases: { before: "transparent", during: "rgba(91, 159, 230, 0.10)", rollback: "rgba(240, 166, 64, 0.14)", after: "transparent" },
    kinds: {
        traffic: { fill: "#9184d9", ink: "#12161d" },
        stop: { fill: "#e6a23c", ink: "#12161d" },
        install: { fill: "#5f6a7a", ink: "#ffffff" },
        start: { fill: "#63b5e8", ink: "#12161d" },
        validate: { fill: "#35b58f", ink: "#12161d" },
        watch: { fill: "#34475e", ink: "#e6eaf0" },
        other: { fill: "#7a8494", ink: "#12161d" },
    },
};
