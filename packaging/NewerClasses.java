import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;

/**
 * Copies a jar, and writes its class files of Java 5 in the format of Java 6. The class-data archive of JDK 17 takes no older
 * ones, and the parser of the command line has nothing else: without this, every command but 'get' reads and verifies its
 * classes at each start. The code stays the same; the frames that the newer verifier needs are computed.
 */
final class NewerClasses {
  private NewerClasses() {}

  /** Copies the jar of the first argument to the second. */
  public static void main(String[] args) throws IOException {
    Path from = Path.of(args[0]);
    try (JarFile jar = new JarFile(from.toFile());
        URLClassLoader loader = new URLClassLoader(new URL[] {from.toUri().toURL()});
        OutputStream file = Files.newOutputStream(Path.of(args[1]));
        ZipOutputStream out = new ZipOutputStream(file)) {
      for (Enumeration<JarEntry> all = jar.entries(); all.hasMoreElements(); ) {
        JarEntry entry = all.nextElement();
        ZipEntry copy = new ZipEntry(entry.getName());
        copy.setTimeLocal(entry.getTimeLocal());
        out.putNextEntry(copy);
        byte[] bytes = jar.getInputStream(entry).readAllBytes();
        boolean old = entry.getName().endsWith(".class") && bytes[7] < Opcodes.V1_6;
        out.write(old ? newer(bytes, loader) : bytes);
        out.closeEntry();
      }
    }
  }

  private static byte[] newer(byte[] bytes, ClassLoader loader) {
    ClassWriter writer =
        new ClassWriter(ClassWriter.COMPUTE_FRAMES) {
          @Override
          protected ClassLoader getClassLoader() {
            return loader;
          }
        };
    new ClassReader(bytes)
        .accept(
            new ClassVisitor(Opcodes.ASM9, writer) {
              @Override
              public void visit(int version, int access, String name, String signature, String base, String[] faces) {
                super.visit(Opcodes.V1_6, access, name, signature, base, faces);
              }
            },
            ClassReader.SKIP_FRAMES);
    return writer.toByteArray();
  }
}
