// A shell that outlives this process by a moment: when this process is killed, the shell kills the functions' process
// groups and removes the temporary directories. Functions that still run their event loop end by themselves, through their lifeline;
// this is for one that computes, or that started processes of its own.

import { type ChildProcess, spawn } from "node:child_process";

/** The rest of a line may hold anything but a line's end; directories become the shell's own arguments, one each. */
const SCRIPT = `
groups=""
while IFS= read -r line; do
  verb="\${line%% *}" value="\${line#* }"
  case "$verb" in
    add) groups="$groups $value" ;;
    remove) left=""; for each in $groups; do [ "$each" = "$value" ] || left="$left $each"; done; groups="$left" ;;
    directory) set -- "$@" "$value" ;;
    done) exit 0 ;;
  esac
done
for each in $groups; do kill -s KILL -- "-$each" 2>/dev/null; done
[ $# -eq 0 ] || rm -rf -- "$@"
`;

export interface Guard {
  add(processGroup: number): void;
  remove(processGroup: number): void;
  /** Removes the directory when this process is killed. */
  addDirectory(path: string): void;
  close(): Promise<void>;
}

/**
 * Creates a guard, whose shell starts with the first process or directory.
 *
 * There is no such shell on Windows, where only the lifeline remains.
 */
export function createGuard(): Guard {
  let shell: ChildProcess | undefined;

  function tell(line: string): void {
    if (process.platform === "win32") return;
    if (shell === undefined) {
      shell = spawn("/bin/sh", ["-c", SCRIPT, "guard"], {
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
    addDirectory: (path) => tell(`directory ${path}`),
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
