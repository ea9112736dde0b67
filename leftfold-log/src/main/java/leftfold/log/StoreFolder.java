// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import leftfold.store.StoreException;
import org.jspecify.annotations.Nullable;

/** What is in a folder before it is opened as a store, and words for what can be wrong with it. */
final class StoreFolder {
    private static final System.Logger LOGGER = System.getLogger(StoreFolder.class.getName());
    private static final Set<String> NETWORK_FILE_SYSTEMS = Set.of(
            "nfs",
            "nfs3",
            "nfs4",
            "cifs",
            "smb",
            "smb2",
            "smb3",
            "smbfs",
            "afs",
            "9p",
            "ncpfs",
            "webdav",
            "davfs",
            "fuse.sshfs",
            "fuse.glusterfs",
            "fuse.s3fs",
            "fuse.davfs");

    private StoreFolder() {}

    /** Returns {@code folder}, created durably if it was not there. */
    static Directory create(Path folder) throws IOException {
        Path missing = firstMissing(folder.toAbsolutePath());
        if (missing != null) {
            Files.createDirectories(folder);
            syncParents(folder.toAbsolutePath(), missing);
        }
        return open(folder);
    }

    /** Returns {@code folder}, which exists. */
    static Directory open(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new NotDirectoryException(folder.toString());
        }
        String fileSystem = Files.getFileStore(folder).type();
        if (isNetwork(fileSystem)) {
            throw new StoreException.CannotOpen(
                    folder + " is on a network file system (" + fileSystem
                            + "), where neither locks nor syncs can be trusted; use a folder on a local disk",
                    null);
        }
        return new FileDirectory(folder);
    }

    /** Returns whether a type of file system, as the system names it, is one that lies on another machine. */
    static boolean isNetwork(String fileSystem) {
        return NETWORK_FILE_SYSTEMS.contains(fileSystem.toLowerCase(Locale.ROOT));
    }

    /**
     * Returns whether a new store may be made in the folder; false if one is there.
     *
     * @throws StoreException.CannotOpen if the folder holds something else
     */
    static boolean isNew(Directory directory) throws IOException {
        List<String> names = directory.list();
        if (names.contains(StoreHeader.FILE)) {
            return false;
        }
        for (String name : names) {
            boolean leftover = name.equals(FolderLock.FILE)
                    || name.equals(FolderLock.OWNER_FILE)
                    || StoreHeader.isLeftover(name)
                    || Tail.isLeftover(name)
                    || isUnusedFirstSegment(directory, name);
            if (!leftover) {
                String reason = hasSegments(names)
                        ? " holds segments but the file 'store' is missing; restore it from a backup"
                        : " is not a Leftfold store and not empty (it holds '" + name + "'); use another folder";
                throw new StoreException.CannotOpen(directory.name() + reason, null);
            }
        }
        return true;
    }

    static boolean hasSegments(List<String> names) {
        return names.stream().anyMatch(name -> Segment.number(name) > 0);
    }

    /**
     * Of which store a folder is.
     *
     * @param damage what is wrong with the header that says so, where the segments had to be asked; null if nothing is
     */
    record Identity(UUID id, StoreException.@Nullable Corrupt damage) {
        /** Writes the header anew if it is damaged. */
        void repair(Directory directory) throws IOException {
            if (damage != null) {
                new StoreHeader(id).writeTo(directory);
                LOGGER.log(Level.WARNING, "{0} was damaged; made anew from the segments", damage.file());
            }
        }
    }

    /**
     * Returns of which store the folder is; if its header is damaged, by what every segment says.
     *
     * @throws StoreException.Corrupt if it is damaged, and a segment's own is not whole or says another one
     */
    static Identity identity(Directory directory) throws IOException {
        try {
            return new Identity(StoreHeader.readFrom(directory).id(), null);
        } catch (StoreException.Corrupt e) {
            UUID id = idOfSegments(directory);
            if (id == null) {
                throw e;
            }
            return new Identity(id, e);
        }
    }

    /** Returns the id of the store that all segments say; null if one of them does not, or there are none. */
    private static @Nullable UUID idOfSegments(Directory directory) throws IOException {
        UUID id = null;
        for (String name : directory.list()) {
            if (Segment.number(name) > 0) {
                SegmentHeader header = SegmentHeader.decode(SegmentFiles.head(directory.view(name)));
                if (header == null || (id != null && !id.equals(header.logId()))) {
                    return null;
                }
                id = header.logId();
            }
        }
        return id;
    }

    /** Returns {@code cause} as what its reader can act on. */
    static StoreException.CannotOpen cannotOpen(String folder, IOException cause) {
        String reason = switch (cause) {
            case Directory.InUseException e -> String.valueOf(e.getMessage());
            case NotDirectoryException e -> folder + " is not a folder; name a folder for the store";
            case FileAlreadyExistsException e -> e.getFile() + " is not a folder; name a folder for the store";
            case ClosedByInterruptException e ->
                "the thread that opened the store in " + folder + " was interrupted; open it again";
            case AccessDeniedException e -> "no permission for " + e.getFile() + "; check who may write there";
            case NoSuchFileException e ->
                e.getFile() + " is missing, or is a link to what is missing; restore it from a backup";
            case FileSystemException e
            when e.getReason() != null ->
                "cannot open the store in " + folder + ": " + e.getReason() + " (" + e.getFile() + ")" + advice(e);
            default -> "cannot open the store in " + folder + ": " + cause.getMessage();
        };
        return new StoreException.CannotOpen(reason, cause);
    }

    private static String advice(FileSystemException cause) {
        String reason = String.valueOf(cause.getReason());
        if (reason.contains("Read-only")) {
            return "; a store is locked while it is open: copy it to where files can be written";
        }
        return isFull(cause) ? "; free space on its disk" : "; check the disk and who may write there";
    }

    /** Returns whether {@code cause} says that the disk has no room, or none for this user. */
    static boolean isFull(IOException cause) {
        String message = String.valueOf(cause.getMessage());
        return message.contains("No space") || message.contains("quota");
    }

    /** A crash before a store's header was written leaves a first segment with nothing but zeros behind its header. */
    private static boolean isUnusedFirstSegment(Directory directory, String name) throws IOException {
        if (!name.equals(Segment.file(1))) {
            return false;
        }
        ByteBuffer bytes = directory.view(name);
        for (int at = SegmentHeader.BYTES; at < bytes.limit(); at++) {
            if (bytes.get(at) != 0) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable Path firstMissing(Path folder) {
        Path missing = null;
        for (Path path = folder; path != null && !Files.exists(path); path = path.getParent()) {
            missing = path;
        }
        return missing;
    }

    private static void syncParents(Path folder, Path firstMissing) throws IOException {
        for (Path path = folder; path != null && path.startsWith(firstMissing); path = path.getParent()) {
            Path parent = path.getParent();
            if (parent != null) {
                try (FileChannel channel = FileChannel.open(parent, StandardOpenOption.READ)) {
                    channel.force(true);
                }
            }
        }
    }
}
