import { listener, sample } from "../findings";
import type { Given } from "../variant";

/** A way in, with what holds the weights there and the names of its actions. */
export interface Door {
    readonly given: Given;
    readonly weights: string;
    readonly actions: "defaultActions" | "actions";
    /** Further resources that change with the strategy. */
    readonly besides: readonly string[];
}

export const doors: Readonly<Record<string, Door>> = {
    "HTTP": { given: {}, weights: "web-http", actions: "defaultActions", besides: [] },
    "HTTPS": {
        given: { certificateArn: sample.certificateArn, domainName: "shop.example.com" }, weights: "web-https", actions: "defaultActions", besides: [],
    },
    "somebody else's listener": { given: listener, weights: "web-rule", actions: "actions", besides: [] },
    // What a request with the header was answered must be kept for others with the header alone.
    "CloudFront": { given: { cloudFront: true }, weights: "web-http", actions: "defaultActions", besides: ["update web-cdn-cache: parametersInCacheKeyAndForwardedToOrigin"] },
};
