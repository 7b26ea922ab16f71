// A shell that outlives this process by a moment: when this process is killed, the shell kills the functions' process
// groups and removes their files. Functions that still run their event loop end by themselves, through their lifeline;
// this is for one that computes, or that started processes of its own.

import { type ChildProcess, spawn } from "node:child_process";

const SCRIPT = `
groups=""
while read -r verb group; do
  case "$verb" in
    add) groups="$groups $group" ;;
    remove) left=""; for each in $groups; do [ "$each" = "$group" ] || left="$left $each"; done; groups="$left" ;;
    done) exit 0 ;;
  esac
done
for each in $groups; do kill -s KILL -- "-$each" 2>/dev/null; done
rm -rf -- "$1"
`;

export interface Guard {
  add(processGroup: number): void;
  remove(processGroup: number): void;
  close(): Promise<void>;
}

/**
 * Guards process groups and a directory from the first group on.
 *
 * There is no such shell on Windows, where only the lifeline remains.
 */
export function createGuard(directory: () => string): Guard {
  let shell: ChildProcess | undefined;

  function tell(line: string): void {
    if (process.platform === "win32") return;
    if (shell === undefined) {
      shell = spawn("/bin/sh", ["-c", SCRIPT, "guard", directory()], {
        stdio: ["pipe", "ignore", "ignore"],
        detached: true,
        cwd: "/",
      });
      // A shell that cannot start leaves us as we are without it.
      shell.on("error", () => {});
      shell.stdin?.on("error", () => {});
      shell.unref();
    }
    shell.stdin?.write(`${line}\n`);
  }

  return {
    add: (processGroup) => tell(`add ${processGroup}`),
    remove: (processGroup) => tell(`remove ${processGroup}`),
    async close() {
      const guard = shell;
      shell = undefined;
      if (guard === undefined || guard.exitCode !== null || guard.pid === undefined) return;
      guard.ref();
      const exited = new Promise<void>((resolve) => guard.once("close", () => resolve()));
      guard.stdin?.end("done\n");
      await exited;
    },
  };
}
