// A process that starts a load and stays until it is killed.
import { Load } from "../../../rehearsal/load/load";
import type { LoadPlan } from "../../../rehearsal/load/load-plan";

const plan = JSON.parse(process.argv[2] ?? "") as LoadPlan;
void Load.start(plan);
// Nor may it outlive the tests, should they be killed first.
process.on("disconnect", () => process.exit());
