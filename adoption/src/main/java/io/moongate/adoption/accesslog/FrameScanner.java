package io.moongate.adoption.accesslog;

import io.netty.buffer.ByteBuf;

/** Finds the HTTP/2 frames in one direction of a connection, however their bytes arrive. Not safe for several threads. */
final class FrameScanner {
    private static final int HEAD = 9;
    private static final int TYPE = 3;
    /** Of a frame's content, as much as holds the error code of each kind that has one. */
    private static final int CONTENT = 8;

    private final Frames frames;
    private final byte[] head = new byte[HEAD];
    private final byte[] content = new byte[CONTENT];
    private int headBytes;
    private int skip;
    private int length;
    private int contentBytes;

    /** What is found. */
    interface Frames {
        /** @param content as much of it as is kept, once that is there */
        void found(int type, int length, byte[] content);
    }

    /** @param skip so many bytes come before the first frame */
    FrameScanner(int skip, Frames frames) {
        this.skip = skip;
        this.frames = frames;
    }

    /** The bytes stay unread. */
    void scan(ByteBuf bytes) {
        int at = bytes.readerIndex();
        int end = bytes.writerIndex();
        while (at < end) {
            if (skip > 0) {
                int now = Math.min(skip, end - at);
                skip -= now;
                at += now;
            } else if (headBytes < HEAD) {
                head[headBytes++] = bytes.getByte(at++);
                if (headBytes == HEAD) {
                    length = (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | head[2] & 0xff;
                    contentBytes = 0;
                }
            } else {
                content[contentBytes++] = bytes.getByte(at++);
            }
            if (headBytes == HEAD && contentBytes == Math.min(CONTENT, length)) {
                headBytes = 0;
                skip = length - contentBytes;
                frames.found(head[TYPE], length, content);
            }
        }
    }
}
