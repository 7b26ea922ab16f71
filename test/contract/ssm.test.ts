// What Parameter Store gives and keeps.

import {
  GetParameterCommand,
  GetParametersCommand,
  PutParameterCommand,
  type PutParameterCommandInput,
} from "@aws-sdk/client-ssm";
import { type ContractAccount, openAccount } from "./account";

const SECRET = "a-secret-value";

let account: ContractAccount;
let NAME: string;
let ARN: string;
beforeAll(async () => {
  account = await openAccount();
  NAME = account.parameterName();
  ARN = `arn:aws:ssm:${account.region}:${account.accountId}:parameter${NAME}`;
  await put({ Name: NAME, Value: SECRET, Type: "SecureString" });
});
afterAll(() => account.close());

const put = (input: PutParameterCommandInput) => account.ssm.send(new PutParameterCommand(input));

describe("a parameter", () => {
  it("is given with its value, version, time and ARN", async () => {
    const { Parameter } = await account.ssm.send(new GetParameterCommand({ Name: NAME, WithDecryption: true }));
    expect(Parameter).toEqual({
      Name: NAME,
      Type: "SecureString",
      Value: SECRET,
      Version: 1,
      LastModifiedDate: expect.any(Date),
      ARN,
      DataType: "text",
    });
  });

  it("can be asked for by its ARN", async () => {
    const { Parameter } = await account.ssm.send(new GetParameterCommand({ Name: ARN, WithDecryption: true }));
    expect(Parameter?.Value).toBe(SECRET);
  });

  it("that is secure shows nothing but ciphertext, always the same, without decryption", async () => {
    const read = async () => (await account.ssm.send(new GetParameterCommand({ Name: NAME }))).Parameter?.Value ?? "";
    const ciphertext = await read();
    expect(Buffer.from(ciphertext, "base64").toString("latin1")).not.toContain(SECRET);
    expect(ciphertext.length).toBeGreaterThan(100);
    expect(await read()).toBe(ciphertext);
  });

  it("that is not there is refused without a word, as on AWS", async () => {
    await expect(account.ssm.send(new GetParameterCommand({ Name: `${NAME}/none` }))).rejects.toMatchObject({
      name: "ParameterNotFound",
      message: "UnknownError",
    });
  });

  it("is given with others, and the names that are not there beside them", async () => {
    const { Parameters, InvalidParameters } = await account.ssm.send(
      new GetParametersCommand({ Names: [NAME, `${NAME}/none`], WithDecryption: true }),
    );
    expect(Parameters).toEqual([expect.objectContaining({ Name: NAME, Value: SECRET })]);
    expect(InvalidParameters).toEqual([`${NAME}/none`]);
  });
});

describe("writing a parameter", () => {
  it("creates it, and overwrites it only when told to, with a new version", async () => {
    const Name = account.parameterName();
    expect(await put({ Name, Value: "1", Type: "String" })).toMatchObject({ Version: 1, Tier: "Standard" });
    await expect(put({ Name, Value: "2" })).rejects.toMatchObject({ name: "ParameterAlreadyExists" });
    expect(await put({ Name, Value: "2", Overwrite: true })).toMatchObject({ Version: 2 });
    const { Parameter } = await account.ssm.send(new GetParameterCommand({ Name }));
    expect(Parameter).toMatchObject({ Type: "String", Value: "2", Version: 2 });
  });
});
