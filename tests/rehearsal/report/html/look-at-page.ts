import type { Browser, Page } from "puppeteer-core";

/** What went wrong while a page was shown, whoever noticed. */
export interface Trouble {
    /** What the page's scripts threw, and what the browser complained of. */
    readonly errors: readonly string[];
    /** Whatever was asked for beside the file itself. */
    readonly requests: readonly string[];
}

/** How a page is looked at. */
export interface Eyes {
    readonly widthPx: number;
    readonly scheme: "light" | "dark";
    /** As on paper. @default false */
    readonly print?: boolean;
}

export interface Looked extends AsyncDisposable {
    readonly page: Page;
    readonly trouble: Trouble;
}

/** Opens a page from its file, and listens from before it is loaded. */
export async function lookAt(browser: Browser, url: string, { widthPx, scheme, print = false }: Eyes): Promise<Looked> {
    const page = await browser.newPage();
    const errors: string[] = [];
    const requests: string[] = [];
    page.on("pageerror", error => { errors.push(error instanceof Error ? error.message : String(error)); });
    page.on("console", message => { if (message.type() === "error" || message.type() === "warn") errors.push(message.text()); });
    page.on("request", request => { if (request.url() !== url && !request.url().startsWith("data:")) requests.push(request.url()); });
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    if (print) await page.emulateMediaType("print");
    await page.setViewport({ width: widthPx, height: 900 });
    await page.goto(url, { waitUntil: "load" });
    return { page, trouble: { errors, requests }, [Symbol.asyncDispose]: () => page.close() };
}

/** Elements that reach out of the page to the right; what scrolls in a box of its own does not count. */
export function overflowing(page: Page): Promise<readonly string[]> {
    return page.evaluate(() => {
        const width = document.documentElement.clientWidth;
        const wide = [...document.querySelectorAll("body *")].filter(element =>
            element.closest(".scroll > *") === null && element.checkVisibility() && element.getBoundingClientRect().right > width + 0.5);
        const told = wide.map(element => `${element.tagName} ${element.className} ${element.textContent.slice(0, 40)}`);
        return document.documentElement.scrollWidth > width ? [...told, `the page is ${document.documentElement.scrollWidth} px wide`] : told;
    });
}

/** Shapes of a chart that are filled with a colour. */
export function countFilled(page: Page, chart: string, colour: string): Promise<number> {
    return page.$$eval(`#${chart} svg path[fill="${colour}"]`, shapes => shapes.length);
}
