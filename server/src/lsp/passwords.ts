import { constants, generateKeyPair, privateDecrypt } from "node:crypto";
import { promisify } from "node:util";
import type { Connection } from "vscode-languageserver/node";
import { GetPassword } from "#protocol/messages";

/** Asks the client for a password. Each question has its own key: the client's trace, which prints answers, shows only ciphertext. */
export async function askPassword(connection: Connection, question: Omit<GetPassword.Params, "publicKey">): Promise<string | undefined> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
  const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
  const params: GetPassword.Params = { ...question, publicKey: pem };
  const { encrypted } = await connection.sendRequest<GetPassword.Result>(GetPassword.method, params);
  if (encrypted === undefined) return undefined;
  const padding = { key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" };
  return privateDecrypt(padding, Buffer.from(encrypted, "base64")).toString("utf8");
}
