// One Lambda function with all that it needs: its zip, its log group, its role, and what the role may do.

import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { AssetType, type ITerraformDependable, TerraformAsset } from "cdktf";
import { Construct } from "constructs";
import type { Bundle } from "./bundle";
import { type AnyFunctionName, fileNameOf } from "./function-names";
import { policyDocument } from "./policy-document";
import type { FunctionSize } from "./settings";

export interface BundledFunctionProps extends FunctionSize {
  /** Also names the function's source and its policy: see function-names.ts. */
  readonly name: AnyFunctionName;
  /** Added to all names: `-<stage>` or nothing. */
  readonly nameSuffix: string;
  readonly bundle: Bundle;
  readonly logRetentionDays: number;
  /** Whether X-Ray shows how the function spends its time. */
  readonly tracing: boolean;
  /** The account whose functions may take the role. */
  readonly accountId: string;
  readonly environment: Readonly<Record<string, string>>;
  /** What else the role may do, each as a document of its own: `events` → its JSON. */
  readonly morePolicies?: Readonly<Record<string, string>>;
  /** Values for the placeholders in the function's policy; `logGroupArn` is added here. */
  readonly policyValues: Readonly<Record<string, string>>;
  /** The Sids of statements in that policy which this stack has no use for. @default - none */
  readonly policyWithout?: readonly string[];
}

export class BundledFunction extends Construct {
  readonly function: LambdaFunction;
  readonly logGroup: CloudwatchLogGroup;
  /** What acts for the function before it ever runs (mapping, failure destination) must wait for this. */
  readonly rolePolicy: IamRolePolicy;

  constructor(scope: Construct, id: string, props: BundledFunctionProps) {
    super(scope, id);
    const functionName = props.name + props.nameSuffix;

    // Lambda would make the group itself at the first line, and keep it forever.
    this.logGroup = new CloudwatchLogGroup(this, "log_group", {
      name: `/aws/lambda/${functionName}`,
      retentionInDays: props.logRetentionDays,
    });

    const role = new IamRole(this, "role", {
      name: `${props.name}Role${props.nameSuffix}`,
      assumeRolePolicy: policyDocument("assume-role", { accountId: props.accountId }),
    });
    this.rolePolicy = new IamRolePolicy(this, "role_policy", {
      name: `${props.name}RoleInlinePolicy${props.nameSuffix}`,
      role: role.name,
      policy: policyDocument(
        fileNameOf(props.name),
        { ...props.policyValues, logGroupArn: this.logGroup.arn },
        props.policyWithout,
      ),
    });

    const dependsOn: ITerraformDependable[] = [this.logGroup, this.rolePolicy];
    const more = { ...(props.tracing && { tracing: policyDocument("tracing") }), ...props.morePolicies };
    for (const [what, policy] of Object.entries(more)) {
      const name = `${props.name}Role${what.replace(/^./, (letter) => letter.toUpperCase())}Policy${props.nameSuffix}`;
      dependsOn.push(new IamRolePolicy(this, `${what}_policy`, { name, role: role.name, policy }));
    }

    // A file, not an archive: CDKTF's own zips carry the clock, and its zipping fails in a folder with a space.
    const asset = new TerraformAsset(this, "bundle", { path: props.bundle.zipFile, type: AssetType.FILE });
    this.function = new LambdaFunction(this, "function", {
      functionName,
      role: role.arn,
      runtime: "nodejs24.x",
      architectures: ["arm64"],
      handler: "index.handler",
      filename: asset.path,
      sourceCodeHash: props.bundle.codeSha256,
      memorySize: props.memorySize,
      timeout: props.timeout,
      reservedConcurrentExecutions: props.reservedConcurrentExecutions,
      // Written also when it is off: left out, Terraform would leave X-Ray as it is.
      tracingConfig: { mode: props.tracing ? "Active" : "PassThrough" },
      environment: { variables: { ...props.environment } },
      loggingConfig: {
        logFormat: "JSON",
        applicationLogLevel: "INFO",
        systemLogLevel: "INFO",
        logGroup: this.logGroup.name,
      },
      dependsOn,
    });
  }
}
