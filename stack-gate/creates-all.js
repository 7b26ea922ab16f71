// Whether a plan would create everything again: node stack-gate/creates-all.js FILE prints true or false. The file is what
// `terraform show -json` says of the plan. Where a stack stands already, its state has been lost, moved or misnamed then.

const { readFileSync } = require("node:fs");

/**
 * @param {{ resource_changes?: { mode: string, change: { actions: string[] } }[] }} plan
 * @returns {boolean}
 */
function createsAll({ resource_changes: changes = [] }) {
  const managed = changes.filter(({ mode }) => mode === "managed");
  return managed.length > 0 && managed.every(({ change }) => change.actions.join() === "create");
}

if (require.main === module) console.log(createsAll(JSON.parse(readFileSync(process.argv[2] ?? "", "utf8"))));

module.exports = { createsAll };
