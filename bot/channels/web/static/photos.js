// Makes photos smaller before they are sent, upright, and without what a camera writes into them: no place, no time.

const LONGEST = 1600, QUALITY = 0.85, HEAVY = 1500000;

export async function shrunk(file) {
  const picture = await read(file);
  const part = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * part));
  canvas.height = Math.max(1, Math.round(picture.height * part));
  const context = canvas.getContext("2d");
  const sharp = file.type === "image/png" ? await drawn(canvas, context, picture, "image/png") : null;
  if (sharp && sharp.size <= HEAVY) return named(file.name, sharp, "png");
  context.globalCompositeOperation = "destination-over"; // what a PNG leaves open is paper, not black
  context.fillStyle = "#fff";
  return named(file.name, await drawn(canvas, context, picture, "image/jpeg"), "jpg");
}

// Browsers turn a picture the way its camera was held; those that do not when they read it do when they show it.
async function read(file) {
  try { return await createImageBitmap(file, { imageOrientation: "from-image" }); } catch { /* an older browser */ }
  const address = URL.createObjectURL(file);
  const picture = new Image();
  picture.src = address;
  await picture.decode();
  URL.revokeObjectURL(address);
  return picture;
}

function drawn(canvas, context, picture, type) {
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  if (type === "image/jpeg") context.fillRect(0, 0, canvas.width, canvas.height);
  return new Promise((done, failed) => canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error("no picture"))), type, QUALITY));
}

function named(name, blob, ending) {
  const fits = ending === "jpg" ? /\.(jpe?g|jfif)$/i : /\.png$/i;
  return new File([blob], fits.test(name) ? name : `${name.replace(/\.[^.]*$/, "")}.${ending}`, { type: blob.type });
}
