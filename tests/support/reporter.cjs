const { writeFileSync } = require("node:fs");
const { reporters } = require("mocha");

/** Mocha's own "spec" output, and the counts in a file for whoever runs several suites. */
module.exports = class Reporter extends reporters.Spec {
    epilogue() {
        super.epilogue();
        const { passes, failures, pending } = this.stats;
        if (process.env.TEST_COUNTS_FILE) writeFileSync(process.env.TEST_COUNTS_FILE, JSON.stringify({ passes, failures, pending }));
    }
};
