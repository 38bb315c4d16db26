// Questions to the server. Nothing else leaves the page, and nothing leaves the machine.

/** Ask a question; a failure is an Error whose message is meant to be read. */
export async function ask(task, data, signal) {
  return answered(await reached(`/api/${task}`, { method: "POST", body: JSON.stringify(data), signal }));
}

/** Bring a file. */
export async function bring(file, signal) {
  const path = `/api/upload?name=${encodeURIComponent(file.name)}`;
  return answered(await reached(path, { method: "POST", body: file, signal }));
}

/** Let go of a file. */
export function drop(number) {
  return reached(`/api/upload?number=${encodeURIComponent(number)}`, { method: "DELETE" });
}

async function reached(path, wish) {
  try {
    return await fetch(path, wish);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Error("The server does not answer. If it was ended, start it again; this page goes on from its link.");
  }
}

async function answered(reply) {
  let told;
  try {
    told = await reply.json();
  } catch {
    throw new Error(reply.status === 400 ? "The file is larger than the 10 MB that are taken." : `The server answered with status ${reply.status}.`);
  }
  if (!reply.ok) {
    const error = new Error(told.error || `The server answered with status ${reply.status}.`);
    error.status = reply.status;
    throw error;
  }
  return told.found;
}
