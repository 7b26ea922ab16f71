import { readUpload } from "../../../functions/lib/upload";
import { uploadRecord } from "../factories";

it("a record is read as the bucket, the plain key and the ETag", () => {
  expect(readUpload(uploadRecord({ bucket: "images", encodedKey: "original/my+%2B1.jpg", eTag: "abc" }))).toMatchObject(
    {
      bucket: "images",
      key: "original/my +1.jpg",
      eTag: "abc",
    },
  );
});
