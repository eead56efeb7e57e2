import assert from "node:assert/strict";
import { defaultTimeoutSeconds, parseAppspec } from "../../../rehearsal/agent/appspec";
import { EventFailure, NotModelled } from "../../../rehearsal/agent/failure";
import { appspec } from "./test-host";

const again = "and then try again.";
const file = "in the application specification file";

describe("the appspec parser", () => {
    const refused: readonly { readonly title: string; readonly text: string; readonly message: string }[] = [
        { title: "a version in quotes, with a message that claims the opposite", text: 'version: "0.0"\nos: linux\n', message: `The deployment failed because an invalid version value (0.0) was entered ${file}. Make sure your AppSpec file specifies "0.0" as the version, ${again}` },
        { title: "version 1.0, printed as it is written", text: "version: 1.0\nos: linux\n", message: `The deployment failed because an invalid version value (1.0) was entered ${file}. Make sure your AppSpec file specifies "0.0" as the version, ${again}` },
        { title: "a missing version", text: "os: linux\n", message: `The deployment failed because an invalid version value () was entered ${file}. Make sure your AppSpec file specifies "0.0" as the version, ${again}` },
        { title: "windows", text: "version: 0.0\nos: windows\n", message: `The deployment failed because the application specification file specifies an unsupported operating system (windows). Specify either "linux" or "windows" in the os section of the AppSpec file, ${again}` },
        { title: "a byte order mark, behind which only the first key counts", text: "\uFEFFversion: 0.0\nos: linux\n", message: `The deployment failed because the application specification file specifies an unsupported operating system (). Specify either "linux" or "windows" in the os section of the AppSpec file, ${again}` },
        { title: "an empty file", text: "", message: "The deployment failed because the application specification file was empty. Make sure your AppSpec file defines at minimum the 'version' and 'os' properties." },
        { title: "a file of comments", text: "# nothing\n", message: "The deployment failed because the application specification file was empty. Make sure your AppSpec file defines at minimum the 'version' and 'os' properties." },
        { title: "a document of nothing", text: "---\n", message: "The deployment failed because the application specification file was empty. Make sure your AppSpec file defines at minimum the 'version' and 'os' properties." },
        { title: "a list for a document", text: "- version: 0.0\n", message: "no implicit conversion of String into Integer" },
        { title: "a script without location", text: appspec("hooks: {ApplicationStart: [{timeout: 5}]}"), message: `The deployment failed because the application specification file specifies a script with no location value. Specify the location in the hooks section of the AppSpec file, ${again}` },
        { title: "a script that is a text", text: appspec("hooks: {ApplicationStart: [scripts/start.sh]}"), message: "undefined method `has_key?' for \"scripts/start.sh\":String" },
        { title: "hooks that are a list", text: appspec("hooks: [{ApplicationStart: []}]"), message: "undefined method `each_pair' for [{\"ApplicationStart\"=>[]}]:Array" },
        { title: "a timeout of 0", text: appspec("hooks: {ApplicationStart: [{location: a, timeout: 0}]}"), message: `The deployment failed because an invalid timeout value was provided for a script ${file}. Make corrections in the hooks section of the AppSpec file, ${again}` },
        { title: "a timeout of letters", text: appspec("hooks: {ApplicationStart: [{location: a, timeout: soon}]}"), message: `The deployment failed because an invalid timeout value was provided for a script ${file}. Make corrections in the hooks section of the AppSpec file, ${again}` },
        { title: "a file without source", text: appspec("files: [{destination: /opt/app}]"), message: `The deployment failed because the application specification file specifies a destination file, but no source file. Update the files section of the AppSpec file, ${again}` },
        { title: "a file without destination", text: appspec("files: [{source: app}]"), message: `The deployment failed because the application specification file specifies only a source file (app). Add the name of the destination file to the files section of the AppSpec file, ${again}` },
        { title: "a behaviour in small letters", text: appspec("file_exists_behavior: overwrite"), message: `The deployment failed because an invalid file_exists_behavior value (overwrite) was entered ${file}. Make sure your AppSpec file specifies one of DISALLOW,OVERWRITE,RETAIN as the file_exists_behavior, ${again}` },
        { title: "a permission without object", text: appspec('permissions: [{mode: "644"}]'), message: `The deployment failed because a permission listed ${file} has no object value. Update the permissions section of the AppSpec file, ${again}` },
        { title: "a permission for links", text: appspec("permissions: [{object: /opt, type: [link]}]"), message: `The deployment failed because the application specification filespecifies a permission for an object type not supported for permissions (link). Update the permissions section of the AppSpec file, ${again}` },
        { title: "mode 0755 without quotes, which YAML reads as 493", text: appspec("permissions: [{object: /opt, mode: 0755}]"), message: `The deployment failed because the permissions mode (493) ${file} contains an invalid character (9). Update the permissions section of the AppSpec file, ${again}` },
        { title: "a mode of five digits", text: appspec('permissions: [{object: /opt, mode: "00644"}]'), message: `The deployment failed because the length of a permissions mode (00644) ${file} is invalid. Permissions modes must be between one and four characters long. Update the permissions section of the AppSpec file, ${again}` },
    ];
    for (const { title, text, message } of refused) {
        it(`refuses ${title}`, () => {
            assert.throws(() => parseAppspec(text), error => {
                assert.ok(error instanceof EventFailure);
                assert.deepEqual([error.message, error.report], [message, { errorCode: 5 }]);
                return true;
            });
        });
    }

    it("refuses tabs", () => {
        assert.throws(() => parseAppspec("version: 0.0\nos: linux\nhooks:\n\tApplicationStart:\n"), EventFailure);
    });

    const notModelled: readonly { readonly title: string; readonly text: string; readonly message: string }[] = [
        { title: "sudo", text: appspec("hooks: {ApplicationStart: [{location: a, sudo: true}]}"), message: "the rehearsal does not model a script under sudo, an option that AWS does not document (a)" },
        { title: "acls", text: appspec("permissions: [{object: /opt, acls: ['u:app:rw']}]"), message: "the rehearsal does not model acls (permissions of /opt)" },
        { title: "context", text: appspec("permissions: [{object: /opt, context: {type: t}}]"), message: "the rehearsal does not model context (permissions of /opt)" },
    ];
    for (const { title, text, message } of notModelled) {
        it(`says that the rehearsal does not model ${title}`, () => {
            assert.throws(() => parseAppspec(text), error => error instanceof NotModelled && error.message === message);
        });
    }

    it("reads the safe shape", () => {
        const parsed = parseAppspec(appspec(
            "file_exists_behavior: OVERWRITE",
            "files: [{source: /, destination: /opt/app/release}]",
            "hooks:",
            "  ApplicationStop: [{location: scripts/stop.sh, timeout: 60}]",
        ));
        assert.deepEqual(parsed, {
            fileExistsBehavior: "OVERWRITE",
            files: [{ source: "/", destination: "/opt/app/release" }],
            hooks: new Map([["ApplicationStop", [{ location: "scripts/stop.sh", timeoutSeconds: 60 }]]]),
            permissions: [],
        });
    });

    const versions = ["0.0", "0", "0.00"];
    for (const version of versions) {
        it(`takes version ${version}`, () => {
            assert.deepEqual(parseAppspec(`version: ${version}\nos: linux\n`).files, []);
        });
    }

    const timeouts: readonly (readonly [given: string, seconds: number])[] = [
        ['"2"', 2], ["1.9", 1], ["", defaultTimeoutSeconds], ["7200", 7200],
    ];
    for (const [given, seconds] of timeouts) {
        it(`reads timeout: ${given} as ${seconds} s`, () => {
            const { hooks } = parseAppspec(appspec("hooks:", "  ApplicationStart:", "    - location: a", `      timeout: ${given}`));
            assert.equal(hooks.get("ApplicationStart")?.[0]?.timeoutSeconds, seconds);
        });
    }

    const users: readonly (readonly [given: string, user: string | undefined])[] = [["app", "app"], ['""', ""], ["", undefined]];
    for (const [given, user] of users) {
        it(`reads runas: ${given} as ${user ?? "no other user"}`, () => {
            const { hooks } = parseAppspec(appspec("hooks:", "  ApplicationStart:", "    - location: a", `      runas: ${given}`));
            assert.equal(hooks.get("ApplicationStart")?.[0]?.user, user);
        });
    }

    const modes: readonly (readonly [given: string, mode: string])[] = [
        ['"640"', "640"], ["640", "640"], ["0640", "416"], ['"0640"', "0640"], ['"7"', "007"], ['""', "000"],
    ];
    for (const [given, mode] of modes) {
        it(`reads mode: ${given} as ${mode}`, () => {
            assert.equal(parseAppspec(appspec(`permissions: [{object: /opt, mode: ${given}}]`)).permissions[0]?.mode, mode);
        });
    }

    const ignored: readonly (readonly [title: string, text: string])[] = [
        ["an unknown key", appspec("hoks: {ApplicationStart: [{location: a}]}")],
        ["hooks: null", appspec("hooks:")],
        ["a hook without list, whatever its name", appspec("hooks: {AplicationStart: }")],
        ["a second document", appspec("---", "version: 1.0", "hooks: {ApplicationStop: [{location: b}]}")],
        ["CRLF line ends", appspec("files: []").replaceAll("\n", "\r\n")],
    ];
    for (const [title, text] of ignored) {
        it(`passes over ${title}`, () => {
            assert.deepEqual(parseAppspec(text).hooks, new Map());
        });
    }

    it("counts a hook with an empty list", () => {
        assert.deepEqual([...parseAppspec(appspec("hooks: {AfterInstal: []}")).hooks.keys()], ["AfterInstal"]);
    });

    it("lets the later of two equal keys win", () => {
        const { files } = parseAppspec(appspec("files: [{source: a, destination: /a}]", "files: [{source: b, destination: /b}]"));
        assert.deepEqual(files.map(({ source }) => source), ["b"]);
    });

    it("takes a lone dot for a source", () => {
        assert.equal(parseAppspec(appspec("files: [{source: ., destination: /opt}]")).files[0]?.source, ".");
    });

    it("reads JSON", () => {
        assert.equal(parseAppspec('{"version": 0.0, "os": "linux", "file_exists_behavior": "RETAIN"}').fileExistsBehavior, "RETAIN");
    });
});
