import { decodeErrorDetail } from "./decode";

export type FailureReason = "unauthorized" | "unreachable" | "refused";

/** A request that did not succeed, and why. */
export class ApiFailure extends Error {
  constructor(
    readonly reason: FailureReason,
    readonly detail: string,
    options?: ErrorOptions,
  ) {
    super(detail, options);
    this.name = "ApiFailure";
  }
}

/** Whether the request was given up by us, not failed. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

async function failureOf(response: Response): Promise<ApiFailure> {
  const reason = response.status === 401 || response.status === 403 ? "unauthorized" : "refused";
  const body: unknown = await response.json().catch(() => null);
  return new ApiFailure(reason, decodeErrorDetail(body) ?? `HTTP ${response.status}`);
}

/** Reads the gateway with a token; each method throws `ApiFailure`, or an AbortError once `signal` is aborted. */
export class ApiClient {
  readonly #token: string;

  constructor(token: string) {
    this.#token = token;
  }

  async json(path: string, signal?: AbortSignal): Promise<unknown> {
    const response = await this.#get(path, "application/json", signal);
    return (await response.json()) as unknown;
  }

  async blob(path: string, signal?: AbortSignal): Promise<Blob> {
    const response = await this.#get(path, "*/*", signal);
    return response.blob();
  }

  /** The body of a stream of server-sent events, as it arrives. */
  async events(path: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const response = await this.#get(path, "text/event-stream", signal);
    if (response.body === null) throw new ApiFailure("refused", "an answer without a body");
    return response.body;
  }

  async #get(path: string, accept: string, signal?: AbortSignal): Promise<Response> {
    const headers = { Accept: accept, Authorization: `Bearer ${this.#token}` };
    const response = await fetch(path, { headers, cache: "no-store", signal: signal ?? null }).catch(
      (error: unknown) => {
        if (isAbort(error)) throw error;
        throw new ApiFailure("unreachable", String(error), { cause: error });
      },
    );
    if (!response.ok) throw await failureOf(response);
    return response;
  }
}
