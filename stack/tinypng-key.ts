// The API key of TinyPNG: from whoever deploys straight into Parameter Store, encrypted, and nowhere else. Terraform
// keeps neither ephemeral values nor write-only arguments, so the key is in no plan and no state.
// https://developer.hashicorp.com/terraform/language/manage-sensitive-data
//
// AWS's own key for Parameter Store (alias/aws/ssm) encrypts it; whoever may read the parameter may then
// decrypt it: the function needs ssm:GetParameter and no kms:Decrypt. A key of one's own would need both.
// https://docs.aws.amazon.com/systems-manager/latest/userguide/secure-string-parameter-kms-encryption.html

import { SsmParameter } from "@cdktf/provider-aws/lib/ssm-parameter";
import { TerraformVariable } from "cdktf";
import { Construct } from "constructs";

export interface TinypngKeyProps {
  /** Added to the name: `-<stage>` or nothing. */
  readonly nameSuffix: string;
  /** Another number has Terraform write the key again. */
  readonly version: number;
}

export class TinypngKey extends Construct {
  readonly parameter: SsmParameter;

  constructor(scope: Construct, id: string, { nameSuffix, version }: TinypngKeyProps) {
    super(scope, id);
    const key = new TerraformVariable(this, "key", {
      type: "string",
      sensitive: true,
      nullable: false,
      description: "API key of TinyPNG, https://tinypng.com/developers",
      validation: [
        {
          condition: "${length(trimspace(var.tinypng_key)) > 0}",
          errorMessage:
            "The key of TinyPNG is empty: set TF_VAR_tinypng_key to one from https://tinypng.com/developers.",
        },
      ],
    });
    key.addOverride("ephemeral", true); // Which CDKTF does not know.

    // No description, nor anything else that may change: an update with the same version would write an empty value.
    this.parameter = new SsmParameter(this, "key_parameter", {
      name: `/profile-image${nameSuffix}/tinypng-key`,
      type: "SecureString",
      valueWo: key.stringValue,
      // Terraform cannot compare what it does not keep: it writes the key again when this is another number.
      valueWoVersion: version,
    });
  }
}
