// The API key of TinyPNG, as Parameter Store keeps it: read when the first photo needs it, kept for the life of the
// instance, and read again when TinyPNG refuses it, so that a new key is taken up without a deployment.

import { GetParameterCommand, type SSMClient } from "@aws-sdk/client-ssm";
import { ConfigurationFault } from "./resize";

/** The key cannot be read. */
export class KeyUnreadable extends ConfigurationFault {
  override readonly name = "KeyUnreadable";
}

export interface TinypngKey {
  /** The parameter's name, for those who must fix it. */
  readonly parameterName: string;
  /** The key; all who ask share one call, unless it failed. */
  read(): Promise<string>;
  /** The key read again, after one was refused; all who were refused the same `reading` share one call. */
  readAgain(reading: Promise<string>): Promise<string>;
}

/** Makes the one reader of the key in an instance; nothing is read yet. */
export function createTinypngKey(ssm: Pick<SSMClient, "send">, parameterName: string): TinypngKey {
  let latest: Promise<string> | undefined;

  function begin(): Promise<string> {
    const reading = getParameter(ssm, parameterName);
    latest = reading;
    reading.catch(() => {
      if (latest === reading) latest = undefined;
    });
    return reading;
  }

  return {
    parameterName,
    read: () => latest ?? begin(),
    readAgain: (reading) => (latest === undefined || latest === reading ? begin() : latest),
  };
}

async function getParameter(ssm: Pick<SSMClient, "send">, name: string): Promise<string> {
  try {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: name, WithDecryption: true }));
    if (Parameter?.Value) return Parameter.Value;
  } catch (error) {
    // Parameter Store says "UnknownError" of a parameter that is not there; only the error's name tells.
    throw new KeyUnreadable(`TinyPNG's key cannot be read from the parameter ${name}: ${error}`, { cause: error });
  }
  throw new KeyUnreadable(`TinyPNG's key cannot be read from the parameter ${name}: it is empty`);
}
