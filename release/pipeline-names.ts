/** How both pipelines call the action that fetches what they work on; whoever starts one for a certain revision names it, too. */
export const sourceAction = "Source";

/** How a blue/green stack's pipeline calls the action that leads the clients to the release. */
export const rollAction = "Roll";
